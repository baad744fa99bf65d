import type { Rebuild } from '../../shared/database.ts';
import { SingleRecord, type OwnedContext } from './aggregate.ts';

export interface RebuildValues {
  readonly rebuild: Rebuild;
}

/** The last rebuild of the derived database that somebody asked for. */
export class OwnedRebuild extends SingleRecord<'rebuild', Rebuild | null> {
  constructor(context: OwnedContext) {
    super(context, 'rebuild', { topic: 'connection', from: (stored) => stored ?? null });
  }
}
