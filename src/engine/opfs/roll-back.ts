/** Rolls back interrupted transactions, on any kind of file handle. */
import type { SyncHandle } from './coalesced-file.ts';
import { headerLength, journalSuffix } from './layout.ts';
import { readRollbackJournal } from './rollback-journal.ts';

export interface NamedFile {
  /** The logical path, without a leading slash; empty for a free file. */
  readonly path: string;
  readonly handle: SyncHandle;
}

/** Restores every database to the end of its last transaction. */
export function rollBackJournals(files: readonly NamedFile[]): void {
  for (const { database, journal } of hotJournals(files)) rollBack(database, journal);
}

/**
 * Freed journal files keep their names on the disk, so several files may claim to be the same journal. The
 * real one is not empty.
 */
function hotJournals(files: readonly NamedFile[]) {
  return files.flatMap((journal) => {
    if (!journal.path.endsWith(journalSuffix)) return [];
    if (journal.handle.getSize() <= headerLength) return [];
    const path = journal.path.slice(0, -journalSuffix.length);
    const database = files.find((file) => file.path === path);
    return database === undefined ? [] : [{ database: database.handle, journal: journal.handle }];
  });
}

function rollBack(database: SyncHandle, journal: SyncHandle): void {
  const bytes = new Uint8Array(journal.getSize() - headerLength);
  readFully(journal, bytes, headerLength);
  const rollback = readRollbackJournal(bytes);
  if (rollback !== null) {
    const { pageSize, initialPages, pages } = rollback;
    for (const page of pages) {
      writeFully(database, new Uint8Array(page.bytes), headerLength + (page.number - 1) * pageSize);
    }
    if (initialPages > 0) database.truncate(headerLength + initialPages * pageSize);
    database.flush();
  }
  // Not before the pages are on the disk: the journal proves that they are needed.
  journal.truncate(headerLength);
  journal.flush();
}

export function readFully(handle: SyncHandle, into: Uint8Array<ArrayBuffer>, at: number) {
  const count = handle.read(into, { at });
  if (count !== into.length) throw new Error(`read ${count} of ${into.length} bytes at ${at}`);
}

function writeFully(handle: SyncHandle, bytes: Uint8Array<ArrayBuffer>, at: number): void {
  const count = handle.write(bytes, { at });
  if (count !== bytes.length) throw new Error(`wrote ${count} of ${bytes.length} bytes at ${at}`);
}
