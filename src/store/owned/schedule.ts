import { SingleRecord, type OwnedContext } from './aggregate.ts';
import { initialSchedule, type ScheduleState } from './schedule-state.ts';

export interface ScheduleValues {
  readonly schedule: ScheduleState;
}

/** The sync schedule's state. What an older version did not know is as at the beginning. */
export class OwnedSchedule extends SingleRecord<'schedule', ScheduleState> {
  constructor(context: OwnedContext) {
    super(context, 'schedule', {
      topic: 'schedule',
      from: (stored) => ({ ...initialSchedule, ...stored }),
    });
  }
}
