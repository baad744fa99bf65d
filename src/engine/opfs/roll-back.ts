/** Rolling back transactions that were cut off, on whatever holds the files. */
import type { SyncHandle } from './coalesced-file.ts';
import { headerLength, journalSuffix } from './layout.ts';
import { readRollbackJournal } from './rollback-journal.ts';

export interface NamedFile {
  /** The logical path, without a leading slash; empty for a file that is free. */
  readonly path: string;
  readonly handle: SyncHandle;
}

/** Puts every database back to where its last transaction ended. Answers how many journals that took. */
export function rollBackJournals(files: readonly NamedFile[]): number {
  let journals = 0;
  for (const { database, journal } of hotJournals(files)) {
    if (rollBack(database, journal)) journals++;
  }
  return journals;
}

/**
 * Freed journal files keep their name on disk, so several may claim the same journal: the non-empty one
 * is it.
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

function rollBack(database: SyncHandle, journal: SyncHandle): boolean {
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
  // Only now, with the pages on disk: the journal is the proof that they are needed.
  journal.truncate(headerLength);
  journal.flush();
  return rollback !== null;
}

export function readFully(handle: SyncHandle, into: Uint8Array<ArrayBuffer>, at: number) {
  const count = handle.read(into, { at });
  if (count !== into.length) throw new Error(`read ${count} of ${into.length} bytes at ${at}`);
}

function writeFully(handle: SyncHandle, bytes: Uint8Array<ArrayBuffer>, at: number): void {
  const count = handle.write(bytes, { at });
  if (count !== bytes.length) throw new Error(`wrote ${count} of ${bytes.length} bytes at ${at}`);
}
