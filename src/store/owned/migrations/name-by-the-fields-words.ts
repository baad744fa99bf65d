/**
 * Version 4 to 5. The freshness probe's baseline was stored as `quietSync`; the next sync records a new one.
 * The schedule's `comparedAt` was a time, 0 for a thorough reconcile that is due, or 1 for one that is due.
 */
import type { Migration } from '../migrations.ts';

interface ScheduleOfVersion4 {
  readonly comparedAt?: number;
}

export const nameByTheFieldsWords: Migration = (_database, transaction) => {
  const values = transaction.objectStore('values');
  void values.delete('quietSync');
  void (async () => {
    const stored = (await values.get('schedule')) as ScheduleOfVersion4 | undefined;
    if (stored === undefined) return;
    const { comparedAt = 0, ...rest } = stored;
    await values.put({ ...rest, fullReconcile: upgrade(comparedAt) }, 'schedule');
  })().catch(() => transaction.abort());
};

function upgrade(comparedAt: number) {
  return comparedAt > 1
    ? { kind: 'done', at: comparedAt }
    : { kind: 'due', thorough: comparedAt === 0, asked: 0 };
}
