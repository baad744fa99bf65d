/**
 * Checks a database's integrity on a copy in memory, with SQLite's official build, because libxmtp's own
 * cannot check. The build is loaded on demand, never at a normal start.
 */
import type { Database, Sqlite3Static } from '@sqlite.org/sqlite-wasm';

/** The most problems that SQLite lists; more would say nothing new. */
const problemsNamed = 20;

let loading: Promise<Sqlite3Static> | null = null;

function loadSqlite(): Promise<Sqlite3Static> {
  loading ??= import('@sqlite.org/sqlite-wasm').then(({ default: init }) => init());
  return loading;
}

export interface Examined {
  /** Empty for an intact database. */
  readonly problems: readonly string[];
  /** The owner of the libxmtp database; null where it is none or too damaged to tell. */
  readonly inboxId: string | null;
}

export async function examineDatabase(bytes: Uint8Array): Promise<Examined> {
  const sqlite = await loadSqlite();
  const database = new sqlite.oo1.DB();
  try {
    deserialise(sqlite, database, bytes);
    const rows = database.selectValues(`PRAGMA integrity_check(${problemsNamed})`).map(String);
    const problems = rows.length === 1 && rows[0] === 'ok' ? [] : rows;
    return { problems, inboxId: inboxIn(database) };
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : String(error)], inboxId: null };
  } finally {
    database.close();
  }
}

function deserialise(sqlite: Sqlite3Static, database: Database, bytes: Uint8Array): void {
  const { capi, wasm } = sqlite;
  if (database.pointer === undefined) throw new Error('SQLite is not open.');
  // SQLite frees the copy with the database.
  const copy = wasm.allocFromTypedArray(bytes);
  const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_READONLY;
  const result = capi.sqlite3_deserialize(
    database.pointer,
    'main',
    copy,
    bytes.length,
    bytes.length,
    flags,
  );
  database.checkRc(result);
}

function inboxIn(database: Database): string | null {
  try {
    const inboxId = database.selectValue('SELECT inbox_id FROM identity');
    return typeof inboxId === 'string' ? inboxId : null;
  } catch {
    return null; // not a libxmtp database
  }
}
