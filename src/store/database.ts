/**
 * Opening the databases. Two roles: the background creates and migrates, pages only look. Blocked,
 * blocking and vanished databases are handled here by name, so that nobody waits for a closed tab.
 */
import { deleteDB, openDB, type IDBPDatabase } from 'idb';
import { LockstepError } from '../shared/errors.ts';
import type { AccountId } from '../shared/ids.ts';
import {
  derivedDatabaseName,
  derivedDatabaseVersion,
  type DerivedSchema,
} from './derived/schema.ts';
import { migrateOwned, ownedDatabaseVersion, type UpgradeTransaction } from './owned/migrations.ts';
import { ownedDatabaseName, type OwnedSchema } from './owned/schema.ts';

export type OwnedDatabase = IDBPDatabase<OwnedSchema>;
export type DerivedDatabase = IDBPDatabase<DerivedSchema>;

interface Lifetime {
  /** The connection is no longer usable: a newer version wants in, or the browser took it away. */
  readonly onGone: () => void;
}

/** For the background: creates and migrates. */
export async function openOwned({ onGone }: Lifetime): Promise<OwnedDatabase> {
  const database = await openDB<OwnedSchema>(ownedDatabaseName, ownedDatabaseVersion, {
    upgrade: (upgrading, from, _to, transaction) =>
      migrateOwned(
        upgrading as unknown as IDBPDatabase,
        from,
        ownedDatabaseVersion,
        transaction as unknown as UpgradeTransaction,
      ),
    blocking: () => {
      database.close();
      onGone();
    },
    terminated: onGone,
  }).catch(explain);
  return database;
}

/** For the background: creates, and empties a database of another version. */
export async function openDerived(
  accountId: AccountId,
  { onGone }: Lifetime,
): Promise<DerivedDatabase> {
  const name = derivedDatabaseName(accountId);
  const database = await openDB<DerivedSchema>(name, derivedDatabaseVersion, {
    upgrade: (upgrading) => {
      for (const store of [...upgrading.objectStoreNames]) upgrading.deleteObjectStore(store);
      upgrading.createObjectStore('values');
      upgrading
        .createObjectStore('conversations', { keyPath: 'id' })
        .createIndex('byActivity', ['consent', 'lastActivityAt', 'id']);
      upgrading.createObjectStore('members', { keyPath: 'conversationId' });
      upgrading
        .createObjectStore('messages', { keyPath: 'id' })
        .createIndex('byConversation', ['conversationId', 'sentAt', 'id']);
    },
    blocking: () => {
      database.close();
      onGone();
    },
    terminated: onGone,
  }).catch(explain);
  return database;
}

/** For the background. Pages that look at it close their connection when asked (`blocking`). */
export async function deleteDerived(accountId: AccountId): Promise<void> {
  await deleteDB(derivedDatabaseName(accountId));
}

/**
 * For pages: opens the owned database as it is. Null while the background has not made it; the
 * aborted upgrade leaves nothing behind.
 */
export function lookAtOwned(lifetime: Lifetime): Promise<OwnedDatabase | null> {
  return lookAt<OwnedSchema>(ownedDatabaseName, lifetime);
}

/** For pages: opens an account's derived database as it is, or null. */
export function lookAtDerived(
  accountId: AccountId,
  lifetime: Lifetime,
): Promise<DerivedDatabase | null> {
  return lookAt<DerivedSchema>(derivedDatabaseName(accountId), lifetime);
}

async function lookAt<Schema extends OwnedSchema | DerivedSchema>(
  name: string,
  { onGone }: Lifetime,
): Promise<IDBPDatabase<Schema> | null> {
  let missing = false;
  try {
    const database = await openDB<Schema>(name, undefined, {
      upgrade: (_upgrading, _from, _to, transaction) => {
        missing = true;
        transaction.done.catch(() => undefined); // aborted on purpose, nobody else listens
        transaction.abort();
      },
      blocking: () => {
        database.close();
        onGone();
      },
      terminated: onGone,
    });
    return database;
  } catch (error) {
    if (missing) return null;
    return explain(error);
  }
}

function explain(error: unknown): never {
  const name = error instanceof DOMException ? error.name : '';
  const detail = String(error);
  if (name === 'QuotaExceededError')
    throw new LockstepError('storage_full', { detail, cause: error });
  throw new LockstepError('storage_unavailable', { detail, cause: error });
}
