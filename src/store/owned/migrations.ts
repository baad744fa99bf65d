/**
 * One function a version step, each run inside the version-change transaction, oldest first. A released
 * step is never edited: later shapes get a step of their own.
 */
import type { IDBPDatabase, IDBPTransaction } from 'idb';
import { followHistory } from './migrations/follow-history.ts';
import { keepBackups } from './migrations/keep-backups.ts';
import { nameByTheFieldsWords } from './migrations/name-by-the-fields-words.ts';
import { nameKeptKeys } from './migrations/name-kept-keys.ts';
import { pinConversations } from './migrations/pin-conversations.ts';

/** Migrations see a database of unknown shape: they must not lean on today's schema types. */
export type Migration = (database: IDBPDatabase, transaction: UpgradeTransaction) => void;
/** The version-change transaction: what is asked of it is done before the database opens. */
export type UpgradeTransaction = IDBPTransaction<unknown, string[], 'versionchange'>;

const createFirstStores: Migration = (database) => {
  database.createObjectStore('values');
  const runs = database.createObjectStore('runs', { keyPath: 'id' });
  runs.createIndex('byRequest', ['requestedAt', 'id']);
  runs.createIndex('byState', 'state');
  const history = database.createObjectStore('history', { keyPath: 'id' });
  history.createIndex('byRequest', 'requestedAt');
  const outbox = database.createObjectStore('outbox', { keyPath: 'id' });
  outbox.createIndex('byConversation', ['conversationId', 'createdAt']);
  database.createObjectStore('consentIntents', { keyPath: 'conversationId' });
  database.createObjectStore('readPositions', { keyPath: ['accountId', 'conversationId'] });
};

/** Entry `n` takes the database from version `n` to `n + 1`. */
export const ownedMigrations: readonly Migration[] = [
  createFirstStores,
  followHistory,
  keepBackups,
  pinConversations,
  nameByTheFieldsWords,
  nameKeptKeys,
];

/** As many as there are steps, so that a step that is added cannot be forgotten here. */
export const ownedDatabaseVersion = ownedMigrations.length;

/** Runs the steps between two versions. Throws on a gap, which aborts the upgrade and keeps the data. */
export function migrateOwned(
  database: IDBPDatabase,
  from: number,
  to: number,
  transaction: UpgradeTransaction,
  migrations: readonly Migration[] = ownedMigrations,
): void {
  for (let version = from; version < to; version++) {
    const migration = migrations[version];
    if (migration === undefined) throw new Error(`No migration from version ${version}.`);
    migration(database, transaction);
  }
}
