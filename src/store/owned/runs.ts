/** Sync runs: how they are added, changed and ended. */
import type { Milliseconds, RunId } from '../../shared/ids.ts';
import type { Completeness, Run, RunState } from '../../shared/run.ts';
import { runsInState } from '../reader-queries.ts';
import { announceTopics, type OwnedContext } from './aggregate.ts';
import { initialSchedule, type ScheduleChange, type ScheduleState } from './schedule-state.ts';

export interface RunStores {
  runs: {
    key: RunId;
    value: Run;
    indexes: { byRequest: [Milliseconds, RunId]; byState: RunState };
  };
}
export interface RunValues {
  /** When the store was last known to hold everything. */
  readonly completeness: Completeness;
}

/** Runs that are kept for the list of past runs; older ones go when a new one is made. */
const runsKept = 200;

export class OwnedRuns {
  readonly #context: OwnedContext;

  constructor(context: OwnedContext) {
    this.#context = context;
  }

  async get(id: RunId): Promise<Run | null> {
    return (await (await this.#context.open()).get('runs', id)) ?? null;
  }

  /** Oldest request first. */
  async inState(state: RunState): Promise<readonly Run[]> {
    return runsInState(await this.#context.open(), state);
  }

  /** Adds a run and forgets the oldest beyond what is kept. */
  async add(run: Run): Promise<void> {
    const transaction = (await this.#context.open()).transaction('runs', 'readwrite');
    await transaction.store.put(run);
    let surplus = (await transaction.store.count()) - runsKept;
    let cursor = surplus > 0 ? await transaction.store.index('byRequest').openCursor() : null;
    while (cursor !== null && surplus > 0) {
      await cursor.delete();
      surplus--;
      cursor = await cursor.continue();
    }
    await transaction.done;
    announceTopics(this.#context, 'runs');
  }

  /** Writes a run as it now is. */
  async put(run: Run): Promise<void> {
    await (await this.#context.open()).put('runs', run);
    announceTopics(this.#context, 'runs');
  }

  /**
   * Writes how a run ended, with all that follows from it, in one transaction.
   * @param completeness what it proves; null leaves the last proof as it is.
   */
  async end(run: Run, change: ScheduleChange, completeness: Completeness | null): Promise<void> {
    const database = await this.#context.open();
    const transaction = database.transaction(['runs', 'values'], 'readwrite');
    const values = transaction.objectStore('values');
    const stored = (await values.get('schedule')) as ScheduleState | undefined;
    await Promise.all([
      transaction.objectStore('runs').put(run),
      values.put(change({ ...initialSchedule, ...stored }), 'schedule'),
      completeness === null ? null : values.put(completeness, 'completeness'),
      transaction.done,
    ]);
    announceTopics(this.#context, 'runs', 'schedule');
  }
}
