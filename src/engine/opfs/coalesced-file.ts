/**
 * One of libxmtp's files with its writes held back until it is flushed. SQLite writes a page, asks for
 * the size, writes the next; each of these is a trip out of the process. Here reads and sizes come from
 * memory, and dirty pages are written together before each real flush.
 *
 * Why this loses nothing: SQLite relies on nothing that it has not flushed, every flush is passed on
 * for the file that it was asked for, and a truncation, by which SQLite commits, is never held back
 * (../shared/facts.md, "Write coalescing", rules 1 to 8).
 */
import { headerLength } from './layout.ts';
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

/** Bytes that are clean or dirty together: SQLite's page size here, and the pool's header is one. */
const pageLength = 4096;
/** Bytes that are read together: one trip fetches what SQLite asks for next. */
const blockLength = 16 * pageLength;
/**
 * Blocks kept of one file, 64 MB: an inbox of about 100,000 messages. Beyond it clean blocks are
 * dropped and read again when needed; dirty ones stay, so one transaction may exceed it.
 */
const blockLimit = 1024;

interface Block {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** One bit for each page. */
  dirty: number;
}

export class CoalescedFile implements SyncHandle {
  readonly #raw: SyncHandle;
  readonly #health: StorageHealth;
  readonly #limit: number;
  readonly #blocks = new Map<number, Block>();
  readonly #dirtyBlocks = new Set<number>();
  #isOpen = true;
  #size: number;
  /** The file's real size: beyond it there is nothing to read. */
  #rawSize: number;

  constructor(raw: SyncHandle, health: StorageHealth, limit = blockLimit) {
    this.#raw = raw;
    this.#health = health;
    this.#limit = limit;
    this.#rawSize = health.guard(() => raw.getSize());
    this.#size = this.#rawSize;
  }

  read(into: Uint8Array<ArrayBuffer>, { at }: { readonly at: number }): number {
    this.#health.check();
    const count = Math.max(0, Math.min(into.length, this.#size - at));
    for (let done = 0; done < count;) {
      const position = at + done;
      const offset = position % blockLength;
      const length = Math.min(blockLength - offset, count - done);
      const { bytes } = this.#block(Math.floor(position / blockLength));
      into.set(bytes.subarray(offset, offset + length), done);
      done += length;
    }
    return count;
  }

  /**
   * Changes of the pool's header, which names the file, go through at once: libxmtp never flushes some
   * of them, and recovery must find the names on the disk.
   */
  write(bytes: Uint8Array<ArrayBuffer>, { at }: { readonly at: number }): number {
    this.#health.check();
    if (bytes.length === 0) return 0;
    if (at < headerLength) this.#writeRaw(bytes.subarray(0, headerLength - at), at);
    for (let done = 0; done < bytes.length;) {
      const position = at + done;
      const index = Math.floor(position / blockLength);
      const offset = position % blockLength;
      const length = Math.min(blockLength - offset, bytes.length - done);
      const block = this.#block(index);
      block.bytes.set(bytes.subarray(done, done + length), offset);
      block.dirty |= pagesBetween(offset, offset + length);
      if (index === 0) block.dirty &= ~1;
      if (block.dirty !== 0) this.#dirtyBlocks.add(index);
      done += length;
    }
    this.#size = Math.max(this.#size, at + bytes.length);
    return bytes.length;
  }

  getSize(): number {
    this.#health.check();
    return this.#size;
  }

  /** Never held back: truncating the journal is how SQLite commits. */
  truncate(size: number): void {
    this.#health.guard(() => this.#raw.truncate(size));
    this.#rawSize = size;
    if (size < this.#size) this.#forgetFrom(size);
    this.#size = size;
  }

  /** Writes what is dirty, then flushes for real; also when nothing is dirty. */
  flush(): void {
    this.#health.check();
    for (const index of [...this.#dirtyBlocks].sort((a, b) => a - b)) this.#clean(index);
    this.#health.guard(() => this.#raw.flush());
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Writes nothing: what was not flushed was not committed. */
  close(): void {
    this.#isOpen = false;
    this.#blocks.clear();
    this.#dirtyBlocks.clear();
    this.#raw.close();
  }

  #block(index: number): Block {
    const known = this.#blocks.get(index);
    if (known !== undefined) return known;
    if (this.#blocks.size >= this.#limit) this.#dropCleanBlocks();
    const block: Block = { bytes: new Uint8Array(blockLength), dirty: 0 };
    const at = index * blockLength;
    const expected = Math.min(blockLength, this.#rawSize - at);
    if (expected > 0) {
      const target = block.bytes.subarray(0, expected);
      const count = this.#health.guard(() => this.#raw.read(target, { at }));
      if (count !== expected) {
        this.#health.fail(new Error(`read ${count} of ${expected} bytes at ${at}`));
      }
    }
    this.#blocks.set(index, block);
    return block;
  }

  #dropCleanBlocks(): void {
    for (const [index, { dirty }] of this.#blocks) {
      if (dirty === 0) this.#blocks.delete(index);
    }
  }

  /** Writes a block's dirty pages, neighbours together. A page is clean only after its full write. */
  #clean(index: number): void {
    const block = this.#blocks.get(index);
    if (block === undefined) return;
    const end = Math.min(blockLength, this.#size - index * blockLength);
    for (let from = 0; from < end;) {
      if ((block.dirty & pagesBetween(from, from + 1)) === 0) {
        from += pageLength;
        continue;
      }
      let to = from;
      while (to < end && (block.dirty & pagesBetween(to, to + 1)) !== 0) to += pageLength;
      to = Math.min(to, end);
      this.#writeRaw(block.bytes.subarray(from, to), index * blockLength + from);
      block.dirty &= ~pagesBetween(from, to);
      from = Math.ceil(to / pageLength) * pageLength;
    }
    this.#dirtyBlocks.delete(index);
  }

  #writeRaw(bytes: Uint8Array<ArrayBuffer>, at: number): void {
    const count = this.#health.guard(() => this.#raw.write(bytes, { at }));
    if (count !== bytes.length) {
      this.#health.fail(new Error(`wrote ${count} of ${bytes.length} bytes at ${at}`));
    }
    this.#rawSize = Math.max(this.#rawSize, at + count);
  }

  #forgetFrom(size: number): void {
    for (const [index, block] of this.#blocks) {
      const start = index * blockLength;
      if (start >= size) {
        this.#blocks.delete(index);
        this.#dirtyBlocks.delete(index);
      } else if (start + blockLength > size) {
        const offset = size - start;
        block.bytes.fill(0, offset);
        block.dirty &= pagesBetween(0, offset);
        if (block.dirty === 0) this.#dirtyBlocks.delete(index);
      }
    }
  }
}

/** The bits of the pages that hold any of the bytes from `from` to before `to`, within a block. */
function pagesBetween(from: number, to: number): number {
  const first = Math.floor(from / pageLength);
  const count = Math.ceil(to / pageLength) - first;
  return ((1 << count) - 1) << first;
}
