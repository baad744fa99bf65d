/** When every conversation of the store is compared with libxmtp, and not only what a run touched. */
import type { Milliseconds } from '../../shared/ids.ts';
import type { ScheduleState } from '../../store/owned/schedule-state.ts';

const compareEvery = 24 * 60 * 60_000;

/** Once a day, and after an engine that may have ended without reporting what it did. */
export function isComparisonDue({ comparedAt }: ScheduleState, now: Milliseconds): boolean {
  return now - comparedAt > compareEvery;
}
