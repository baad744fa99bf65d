/** Records of runs: how they are added and ended. */
import type { Completeness, Run } from '../../shared/run.ts';
import type { OwnedDatabase } from '../database.ts';
import { initialSchedule, type ScheduleState, type ScheduleChange } from './schedule-state.ts';

/** Runs that are kept for the list of past runs; older ones go when a new one is made. */
const runsKept = 200;

/** Adds a run and forgets the oldest beyond what is kept. */
export async function addRun(database: OwnedDatabase, run: Run): Promise<void> {
  const transaction = database.transaction('runs', 'readwrite');
  await transaction.store.put(run);
  let surplus = (await transaction.store.count()) - runsKept;
  let cursor = surplus > 0 ? await transaction.store.index('byRequest').openCursor() : null;
  while (cursor !== null && surplus > 0) {
    await cursor.delete();
    surplus--;
    cursor = await cursor.continue();
  }
  await transaction.done;
}

/**
 * Writes how a run ended, with all that follows from it, in one transaction.
 * @param completeness what it proves; null leaves the last proof as it is.
 */
export async function endRun(
  database: OwnedDatabase,
  run: Run,
  change: ScheduleChange,
  completeness: Completeness | null,
): Promise<void> {
  const transaction = database.transaction(['runs', 'values'], 'readwrite');
  const values = transaction.objectStore('values');
  const stored = (await values.get('schedule')) as ScheduleState | undefined;
  await Promise.all([
    transaction.objectStore('runs').put(run),
    values.put(change({ ...initialSchedule, ...stored }), 'schedule'),
    completeness === null ? null : values.put(completeness, 'completeness'),
    transaction.done,
  ]);
}
