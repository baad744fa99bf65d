/**
 * One of libxmtp's files, with its writes held back until it is flushed. SQLite writes a page, asks for the
 * size, writes the next page, and each step leaves the process. Here reads and sizes come from memory, and
 * dirty pages are written together before each real flush.
 *
 * This loses nothing: SQLite relies on nothing that it has not flushed, every flush is passed on for the file
 * that it was asked for, and truncations, by which SQLite commits, are never held back
 * (docs/libxmtp.md#write-coalescing, rules 1 to 8).
 *
 * A file that a commit group holds (commit-group.ts) changes in memory only, until the group writes it.
 */
import { FileBlocks, pagesOf, pageLength } from './file-blocks.ts';
import { headerLength, pathIn } from './layout.ts';
import type { StorageHealth } from './storage-health.ts';

/** What libxmtp uses of a FileSystemSyncAccessHandle. */
export interface SyncHandle {
  read(into: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number;
  write(bytes: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number;
  getSize(): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** Decides which files are held. */
export interface Holder {
  /** A file is about to be written or truncated. */
  changing(): void;
  /** A file's header is about to be written with this path in it. */
  naming(file: CoalescedFile, path: string): void;
  /** A held file was truncated, in memory. */
  truncated(file: CoalescedFile): void;
}

/** A page of 4,096 bytes; number 1 follows the file's header. */
export interface Page {
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The most bytes written in one call, because browsers copy them between processes. */
const portion = 1024 * 1024;

const nobody: Holder = {
  changing: () => undefined,
  naming: () => undefined,
  truncated: () => undefined,
};

export class CoalescedFile implements SyncHandle {
  readonly #raw: SyncHandle;
  readonly #health: StorageHealth;
  readonly #holder: Holder;
  readonly #blocks: FileBlocks;
  #isOpen = true;
  #isHeld = false;
  #size: number;
  /** The file's real size. */
  #rawSize: number;
  /** Up to here the disk has the file's bytes. A truncation in memory lowers it. */
  #readable: number;
  /** Changed pages of a held file, as they are on the disk. */
  readonly #originals = new Map<number, Uint8Array<ArrayBuffer>>();

  constructor(raw: SyncHandle, health: StorageHealth, holder: Holder = nobody, limit?: number) {
    this.#raw = raw;
    this.#health = health;
    this.#holder = holder;
    this.#rawSize = health.guard(() => raw.getSize());
    this.#size = this.#rawSize;
    this.#readable = this.#rawSize;
    this.#blocks = new FileBlocks((into, at) => this.#load(into, at), limit);
  }

  read(into: Uint8Array<ArrayBuffer>, { at }: { readonly at: number }): number {
    this.#health.check();
    const count = Math.max(0, Math.min(into.length, this.#size - at));
    this.#blocks.read(into.subarray(0, count), at);
    return count;
  }

  /**
   * Writes the pool's header, which names the file, through at once: recovery needs the names on the disk, and
   * libxmtp never flushes some of them.
   */
  write(bytes: Uint8Array<ArrayBuffer>, { at }: { readonly at: number }): number {
    this.#health.check();
    if (bytes.length === 0) return 0;
    this.#holder.changing();
    if (at === 0) this.#holder.naming(this, pathIn(bytes));
    if (this.#isHeld) this.#keepOriginals(at, at + bytes.length);
    else if (at < headerLength) this.#writeRaw(bytes.subarray(0, headerLength - at), at);
    this.#blocks.write(bytes, at);
    if (!this.#isHeld && at < headerLength) this.#blocks.clean(0);
    this.#size = Math.max(this.#size, at + bytes.length);
    return bytes.length;
  }

  getSize(): number {
    this.#health.check();
    return this.#size;
  }

  /** Held back only in a group, because truncating the journal is how SQLite commits. */
  truncate(size: number): void {
    this.#holder.changing();
    if (this.#isHeld) {
      this.#health.check();
      this.#readable = Math.min(this.#readable, size);
    } else {
      this.#truncateRaw(size);
      this.#readable = size;
    }
    if (size < this.#size) this.#blocks.forgetFrom(size);
    this.#size = size;
    if (this.#isHeld) this.#holder.truncated(this);
  }

  /** Writes dirty pages, then flushes for real, even if no page is dirty. */
  flush(): void {
    this.#health.check();
    if (this.#isHeld) return;
    this.#writeDirty();
    this.#flushRaw();
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Writes nothing, because what was not flushed was not committed. */
  close(): void {
    this.#isOpen = false;
    this.#blocks.clear();
    this.#raw.close();
  }

  /** The logical path in the header, as it is in memory. */
  get path(): string {
    return pathIn(this.header());
  }

  /** A copy of the header page as it is in memory. */
  header(): Uint8Array<ArrayBuffer> {
    const header = new Uint8Array(headerLength);
    this.read(header, { at: 0 });
    return header;
  }

  /** From now on keeps every change in memory. No page may be dirty. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Stops holding changes. Must follow `writeBack`. */
  letGo(): void {
    this.#isHeld = false;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** The number of pages that differ from the disk. */
  get dirtyPages(): number {
    return this.#blocks.dirtyPages;
  }

  /** The file's length on the disk, in pages behind the header. */
  get pagesOnDisk(): number {
    return Math.max(0, (this.#rawSize - headerLength) / pageLength);
  }

  /** Every page that `writeBack` will change or cut off, as it is on the disk. */
  originals(): readonly Page[] {
    for (const page of pagesOf(this.#readable, this.#rawSize)) {
      if (!this.#originals.has(page)) this.#originals.set(page, this.#readRaw(page));
    }
    return [...this.#originals]
      .filter(([page]) => page > 0)
      .map(([number, bytes]) => ({ number, bytes }));
  }

  /** Writes a header and bytes to the disk only, not to the memory, and flushes. */
  writeBeneath(header: Uint8Array<ArrayBuffer>, bytes: Uint8Array<ArrayBuffer>): void {
    this.#writeRaw(header, 0);
    for (let done = 0; done < bytes.length; done += portion) {
      this.#writeRaw(bytes.subarray(done, done + portion), headerLength + done);
    }
    this.#flushRaw();
  }

  /** Makes the disk match the memory, without flushing. */
  writeBack(): void {
    if (this.#rawSize > this.#readable) this.#truncateRaw(this.#readable);
    this.#writeDirty();
    if (this.#rawSize !== this.#size) this.#truncateRaw(this.#size);
    this.#readable = this.#rawSize;
    this.#originals.clear();
  }

  /** As `writeBack`, then flushes. */
  writeBackAndFlush(): void {
    this.writeBack();
    this.#flushRaw();
  }

  #keepOriginals(from: number, to: number): void {
    for (const page of pagesOf(from, Math.min(to, this.#readable))) {
      if (page === 0 || this.#originals.has(page) || this.#blocks.isDirty(page)) continue;
      const bytes = new Uint8Array(pageLength);
      this.#blocks.read(bytes, page * pageLength);
      this.#originals.set(page, bytes);
    }
  }

  #writeDirty(): void {
    for (const { at, bytes } of this.#blocks.dirtyRuns(this.#size)) {
      this.#writeRaw(bytes, at);
      // Clean only after its full write.
      this.#blocks.cleanRun(at, bytes.length);
    }
  }

  #load(into: Uint8Array<ArrayBuffer>, at: number): void {
    const expected = Math.min(into.length, this.#readable - at);
    if (expected > 0) this.#readFully(into.subarray(0, expected), at);
  }

  #readRaw(page: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(pageLength);
    const at = page * pageLength;
    this.#readFully(bytes.subarray(0, Math.min(pageLength, this.#rawSize - at)), at);
    return bytes;
  }

  #readFully(into: Uint8Array<ArrayBuffer>, at: number): void {
    const count = this.#health.guard(() => this.#raw.read(into, { at }));
    if (count !== into.length) {
      this.#health.fail(new Error(`read ${count} of ${into.length} bytes at ${at}`));
    }
  }

  #writeRaw(bytes: Uint8Array<ArrayBuffer>, at: number): void {
    const count = this.#health.guard(() => this.#raw.write(bytes, { at }));
    if (count !== bytes.length) {
      this.#health.fail(new Error(`wrote ${count} of ${bytes.length} bytes at ${at}`));
    }
    this.#rawSize = Math.max(this.#rawSize, at + count);
    if (!this.#isHeld) this.#readable = this.#rawSize;
  }

  #truncateRaw(size: number): void {
    this.#health.guard(() => this.#raw.truncate(size));
    this.#rawSize = size;
  }

  #flushRaw(): void {
    this.#health.guard(() => this.#raw.flush());
  }
}
