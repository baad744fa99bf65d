/** The baseline of the freshness probe was stored as `quietSync`. The next sync records a new one. */
import type { Migration } from '../migrations.ts';

export const dropQuietSync: Migration = (_database, transaction) => {
  void transaction.objectStore('values').delete('quietSync');
};
