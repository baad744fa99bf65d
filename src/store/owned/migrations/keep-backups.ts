/** Version 2 to 3: backups get a store of their own. The schedule is one of the single records. */
import type { Migration } from '../migrations.ts';

export const keepBackups: Migration = (database) => {
  database.createObjectStore('backups', { keyPath: 'id' }).createIndex('byTime', 'at');
};
