import { neverLive, type LiveStatus } from '../../shared/live-status.ts';
import { SingleRecord, type OwnedContext } from './aggregate.ts';

export interface LiveValues {
  readonly live: LiveStatus;
}

export class OwnedLive extends SingleRecord<'live', LiveStatus> {
  constructor(context: OwnedContext) {
    super(context, 'live', { topic: 'connection', from: (stored) => stored ?? neverLive });
  }
}
