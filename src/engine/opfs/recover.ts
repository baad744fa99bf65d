/**
 * Rolls back what a killed worker left half-written. libxmtp's file system always reports a reserved
 * lock, so SQLite itself never rolls back a hot journal after a crash (../shared/facts.md, trap A).
 * Works on raw handles before libxmtp has any; they stay open and become libxmtp's, because opening a
 * file costs more than reading it.
 */
import { databaseHeaderLength, headerProblem } from './database-header.ts';
import { headerLength } from './layout.ts';
import { openPoolFiles, poolDirectory, type PoolFile } from './pool-files.ts';
import { readRollbackJournal } from './rollback-journal.ts';

const journalSuffix = '-journal';

export interface Recovered {
  /** How many journals were rolled back. */
  readonly journals: number;
  /** Databases that cannot be whole, after the recovery: path and what is wrong. */
  readonly broken: ReadonlyMap<string, string>;
  /** Everything of the pool, open, for whoever comes next. */
  readonly files: readonly PoolFile[];
}

export async function recoverDatabases(): Promise<Recovered> {
  const directory = await poolDirectory();
  if (directory === null) return { journals: 0, broken: new Map(), files: [] };
  const files = await openPoolFiles(directory);
  try {
    let journals = 0;
    for (const { database, journal } of hotJournals(files)) {
      if (rollBack(database, journal)) journals++;
    }
    return { journals, broken: brokenDatabases(files), files };
  } catch (error) {
    for (const { handle } of files) handle.close();
    throw error;
  }
}

function brokenDatabases(files: readonly PoolFile[]): ReadonlyMap<string, string> {
  const broken = new Map<string, string>();
  for (const { path, handle } of files) {
    if (path === '' || path.endsWith(journalSuffix)) continue;
    const length = Math.max(0, handle.getSize() - headerLength);
    const header = new Uint8Array(Math.min(databaseHeaderLength, length));
    readFully(handle, header, headerLength);
    const problem = headerProblem(header, length);
    if (problem !== null) broken.set(path, problem);
  }
  return broken;
}

/**
 * Freed journal files keep their name on disk, so several may claim the same journal: the non-empty one
 * is it.
 */
function hotJournals(files: readonly PoolFile[]) {
  return files.flatMap((journal) => {
    if (!journal.path.endsWith(journalSuffix)) return [];
    if (journal.handle.getSize() <= headerLength) return [];
    const path = journal.path.slice(0, -journalSuffix.length);
    const database = files.find((file) => file.path === path);
    return database === undefined ? [] : [{ database: database.handle, journal: journal.handle }];
  });
}

function rollBack(
  database: FileSystemSyncAccessHandle,
  journal: FileSystemSyncAccessHandle,
): boolean {
  const bytes = new Uint8Array(journal.getSize() - headerLength);
  readFully(journal, bytes, headerLength);
  const rollback = readRollbackJournal(bytes);
  if (rollback !== null) {
    const { pageSize, initialPages, pages } = rollback;
    for (const page of pages) {
      writeFully(database, page.bytes, headerLength + (page.number - 1) * pageSize);
    }
    if (initialPages > 0) database.truncate(headerLength + initialPages * pageSize);
    database.flush();
  }
  // Only now, with the pages on disk: the journal is the proof that they are needed.
  journal.truncate(headerLength);
  journal.flush();
  return rollback !== null;
}

function readFully(handle: FileSystemSyncAccessHandle, into: Uint8Array<ArrayBuffer>, at: number) {
  const count = handle.read(into, { at });
  if (count !== into.length) throw new Error(`read ${count} of ${into.length} bytes at ${at}`);
}

function writeFully(handle: FileSystemSyncAccessHandle, bytes: Uint8Array, at: number): void {
  const count = handle.write(bytes, { at });
  if (count !== bytes.length) throw new Error(`wrote ${count} of ${bytes.length} bytes at ${at}`);
}
