/**
 * Writes one database's commits together. libxmtp makes two or three transactions for each message that it
 * processes, and SQLite flushes twice for each. In a first sync that takes half of the time in Chromium and
 * more in Firefox. While a group holds a database, its transactions end in memory, and a checkpoint writes
 * them to the disk as SQLite would write a single transaction.
 *
 * Guarantees:
 * - A killed worker loses the transactions since the last checkpoint and nothing else. The disk always has the
 *   state after one of libxmtp's transactions: a checkpoint follows SQLite's own order (journal, flush,
 *   database, flush, journal truncated), so the usual recovery rolls back an interrupted one.
 * - Nobody outside has seen what could still be lost. A checkpoint precedes every call that publishes something
 *   and every answer to the background. In between libxmtp only reads, and can read the same again.
 */
import type { CoalescedFile, Holder } from './coalesced-file.ts';
import { headerLength, journalSuffix } from './layout.ts';
import { pageLength } from './file-blocks.ts';
import { writeRollbackJournal } from './rollback-journal.ts';
import type { StorageHealth } from './storage-health.ts';

/** Milliseconds of work that a kill may cost, about. */
const longest = 250;
/** The most pages that wait in memory, with as many originals: 2 × 8 MB. */
const mostPages = 2048;

export class CommitGroup implements Holder {
  readonly #health: StorageHealth;
  readonly #now: () => number;
  readonly #files = new Set<CoalescedFile>();
  #database: CoalescedFile | null = null;
  #journalPath: string | null = null;
  /** The last file that was this database's journal, with the header that it had then. */
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

  /** Must be called with every file that libxmtp opens. */
  add(file: CoalescedFile): void {
    this.#files.add(file);
  }

  /** The number of writes and truncations of any file so far. */
  get changes(): number {
    return this.#changes;
  }

  changing(): void {
    this.#changes++;
  }

  /** Flushes every open file. */
  flushAll(): void {
    for (const file of this.#files) if (file.isOpen) file.flush();
  }

  /**
   * Holds a database's commits until `release`. Must not be called during a transaction. Returns false and does
   * nothing if one is held already or the database is missing, ambiguous or dirty; commits then go to the disk
   * one by one.
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

  /** Writes waiting commits to the disk; later ones go there one by one. */
  release(): void {
    this.checkpoint();
    for (const file of this.#held) file.letGo();
    this.#held.clear();
    this.#database = null;
    this.#journalPath = null;
    this.#journal = null;
  }

  /** Writes all commits so far to the disk as one. They cannot be lost afterwards. */
  checkpoint(): void {
    this.#health.check();
    const database = this.#database;
    if (database === null) return;
    if (this.#waiting > 0 && this.#journal !== null) {
      const { file: journal, header } = this.#journal;
      // libxmtp begins and ends a transaction without yielding, so none is open when other code runs.
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
    // Truncates the journal, which is the commit, then writes names and lengths of freed files.
    for (const file of this.#held) if (file !== database) file.writeBack();
    this.#waiting = 0;
    this.#checkpointAt = this.#now();
  }

  naming(file: CoalescedFile, path: string): void {
    if (this.#journalPath === null) return;
    if (path === this.#journalPath) this.#take(file);
    else if (path !== '' && file.isHeld && file !== this.#database) {
      // The file is reused for something outside of this group.
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
