/**
 * Commits of one database, written together. libxmtp makes two or three transactions for each message
 * that it takes in, and SQLite flushes twice for each; in a first sync that is half of the time in
 * Chromium and more in Firefox. While a group holds a database, its transactions end in memory, and a
 * checkpoint takes them to the disk as one: as SQLite itself would have, had they been one transaction.
 *
 * What this may cost, and what not:
 * - A worker that is killed loses the transactions since the last checkpoint, as if they had never been
 *   begun. What is on the disk is always the state after some transaction of libxmtp's: a checkpoint
 *   follows SQLite's own order (journal, flush, database, flush, journal truncated), so the recovery that
 *   is there anyway rolls back one that was cut off.
 * - So nobody outside may have seen what could still be lost. A checkpoint comes before every call that
 *   tells the network something and before every answer to the background; in between libxmtp only
 *   reads, and what it read it can read again.
 */
import type { CoalescedFile, Holder } from './coalesced-file.ts';
import { headerLength, journalSuffix } from './layout.ts';
import { pageLength } from './file-blocks.ts';
import { writeRollbackJournal } from './rollback-journal.ts';
import type { StorageHealth } from './storage-health.ts';

/** Milliseconds of work that a kill may cost at most, about. */
const longest = 250;
/** Pages that may wait in memory, beside their originals: 2 × 8 MB. */
const mostPages = 2048;

export class CommitGroup implements Holder {
  readonly #health: StorageHealth;
  readonly #now: () => number;
  readonly #files = new Set<CoalescedFile>();
  #database: CoalescedFile | null = null;
  #journalPath: string | null = null;
  /** The last file that was this database's journal, with the header that it had as such. */
  #journal: { readonly file: CoalescedFile; readonly header: Uint8Array<ArrayBuffer> } | null =
    null;
  readonly #held = new Set<CoalescedFile>();
  #waiting = 0;
  #checkpointAt = 0;
  #changes = 0;

  constructor(health: StorageHealth, now: () => number) {
    this.#health = health;
    this.#now = now;
  }

  /** Every file that libxmtp opens. */
  add(file: CoalescedFile): void {
    this.#files.add(file);
  }

  /** How often any file was written to or cut off so far. */
  get changes(): number {
    return this.#changes;
  }

  changing(): void {
    this.#changes++;
  }

  /** Flushes every file that is open. */
  flushAll(): void {
    for (const file of this.#files) if (file.isOpen) file.flush();
  }

  /**
   * Holds a database's commits until `release`. Between transactions only. Answers false and does nothing
   * where it is held already, where there is no such database, or where it is not what is expected; then
   * everything goes to the disk as always.
   */
  hold(path: string): boolean {
    if (this.#database !== null) return false;
    const [database, ...others] = [...this.#files].filter(
      (file) => file.isOpen && file.path === path,
    );
    if (database === undefined || others.length > 0) return false;
    if (database.dirtyPages > 0 || !Number.isInteger(database.pagesOnDisk)) return false;
    this.#database = database;
    this.#journalPath = `${path}${journalSuffix}`;
    this.#checkpointAt = this.#now();
    this.#take(database);
    return true;
  }

  /** Takes what waits to the disk; from then on each commit goes there by itself. */
  release(): void {
    this.checkpoint();
    for (const file of this.#held) file.letGo();
    this.#held.clear();
    this.#database = null;
    this.#journalPath = null;
    this.#journal = null;
  }

  /** Takes every commit so far to the disk, as one. Whatever comes of it later, it cannot be lost. */
  checkpoint(): void {
    this.#health.check();
    const database = this.#database;
    if (database === null) return;
    if (this.#waiting > 0 && this.#journal !== null) {
      const { file: journal, header } = this.#journal;
      // libxmtp's transactions begin and end in one go, so none is open when something else runs.
      if (journal.getSize() > headerLength) {
        this.#health.fail(new Error('a checkpoint in the middle of a transaction'));
      }
      const rollback = {
        pageSize: pageLength,
        initialPages: database.pagesOnDisk,
        pages: database.originals(),
      };
      const nonce = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
      journal.writeBeneath(header, writeRollbackJournal(rollback, nonce));
      database.writeBackAndFlush();
    }
    // Truncates the journal, which is the commit; then names and lengths of files that were freed.
    for (const file of this.#held) if (file !== database) file.writeBack();
    this.#waiting = 0;
    this.#checkpointAt = this.#now();
  }

  naming(file: CoalescedFile, path: string): void {
    if (this.#journalPath === null) return;
    if (path === this.#journalPath) this.#take(file);
    else if (path !== '' && file.isHeld && file !== this.#database) {
      // It becomes something else, whose changes are nothing to this group.
      this.checkpoint();
      file.letGo();
      this.#held.delete(file);
      if (this.#journal?.file === file) this.#journal = null;
    }
  }

  truncated(file: CoalescedFile): void {
    if (file === this.#database || file.getSize() > headerLength) return;
    this.#journal = { file, header: file.header() };
    this.#waiting++;
    const isDue = this.#now() - this.#checkpointAt >= longest;
    if (isDue || (this.#database?.dirtyPages ?? 0) >= mostPages) this.checkpoint();
  }

  #take(file: CoalescedFile): void {
    file.hold();
    this.#held.add(file);
  }
}
