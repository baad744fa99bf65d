/** A file's bytes in memory, in blocks that are loaded on demand, with a dirty bit for each page. */

/** The unit of clean and dirty bytes: libxmtp's SQLite page size, and the length of the pool's header. */
export const pageLength = 4096;
const pagesInBlock = 16;
/** Bytes read in one call, to include what SQLite asks for next. */
const blockLength = pagesInBlock * pageLength;
/**
 * The most blocks kept of one file, 64 MB: an inbox of about 100,000 messages. Beyond that, clean blocks are
 * dropped and read again on demand. Dirty ones stay, so a transaction may exceed the limit.
 */
const blockLimit = 1024;

interface Block {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** One bit for each page. */
  dirty: number;
}

/** The pages from one byte to before another; the file's header is page 0. */
export function pagesOf(from: number, to: number): readonly number[] {
  const first = Math.floor(from / pageLength);
  const length = to > from ? Math.ceil(to / pageLength) - first : 0;
  return Array.from({ length }, (_, index) => first + index);
}

export class FileBlocks {
  readonly #load: (into: Uint8Array<ArrayBuffer>, at: number) => void;
  readonly #limit: number;
  readonly #blocks = new Map<number, Block>();
  readonly #dirtyBlocks = new Set<number>();

  /** @param load fills in the bytes that the file has there and leaves the rest zero. */
  constructor(load: (into: Uint8Array<ArrayBuffer>, at: number) => void, limit = blockLimit) {
    this.#load = load;
    this.#limit = limit;
  }

  read(into: Uint8Array<ArrayBuffer>, at: number): void {
    for (let done = 0; done < into.length;) {
      const { index, offset, length } = pieceAt(at + done, into.length - done);
      into.set(this.#block(index).bytes.subarray(offset, offset + length), done);
      done += length;
    }
  }

  write(bytes: Uint8Array<ArrayBuffer>, at: number): void {
    for (let done = 0; done < bytes.length;) {
      const { index, offset, length } = pieceAt(at + done, bytes.length - done);
      const block = this.#block(index);
      block.bytes.set(bytes.subarray(done, done + length), offset);
      block.dirty |= bits(offset, offset + length);
      this.#dirtyBlocks.add(index);
      done += length;
    }
  }

  isDirty(page: number): boolean {
    const block = this.#blocks.get(Math.floor(page / pagesInBlock));
    return block !== undefined && (block.dirty & (1 << (page % pagesInBlock))) !== 0;
  }

  get dirtyPages(): number {
    let count = 0;
    for (const index of this.#dirtyBlocks) {
      for (let rest = this.#blocks.get(index)?.dirty ?? 0; rest !== 0; rest &= rest - 1) count++;
    }
    return count;
  }

  clean(page: number): void {
    this.cleanRun(page * pageLength, 1);
  }

  /** Marks the pages of `length` bytes, all in one block, as clean. */
  cleanRun(at: number, length: number): void {
    const { index, offset } = pieceAt(at, length);
    const block = this.#blocks.get(index);
    if (block === undefined) return;
    block.dirty &= ~bits(offset, offset + length);
    if (block.dirty === 0) this.#dirtyBlocks.delete(index);
  }

  /** Dirty pages below `size` in file order, neighbours in a block merged. */
  *dirtyRuns(size: number): Iterable<{ at: number; bytes: Uint8Array<ArrayBuffer> }> {
    for (const index of [...this.#dirtyBlocks].sort((a, b) => a - b)) {
      const block = this.#blocks.get(index);
      if (block === undefined) continue;
      const start = index * blockLength;
      const end = Math.min(blockLength, size - start);
      const isDirty = (offset: number) => (block.dirty & bits(offset, offset + 1)) !== 0;
      for (let from = 0; from < end; from += pageLength) {
        if (!isDirty(from)) continue;
        let to = from;
        while (to < end && isDirty(to)) to += pageLength;
        yield { at: start + from, bytes: block.bytes.subarray(from, Math.min(to, end)) };
        from = to;
      }
    }
  }

  /** Forgets everything from `size` on, which then reads as zero. */
  forgetFrom(size: number): void {
    for (const [index, block] of this.#blocks) {
      const start = index * blockLength;
      if (start >= size) {
        this.#blocks.delete(index);
        this.#dirtyBlocks.delete(index);
      } else if (start + blockLength > size) {
        const offset = size - start;
        block.bytes.fill(0, offset);
        block.dirty &= bits(0, offset);
        if (block.dirty === 0) this.#dirtyBlocks.delete(index);
      }
    }
  }

  clear(): void {
    this.#blocks.clear();
    this.#dirtyBlocks.clear();
  }

  #block(index: number): Block {
    const known = this.#blocks.get(index);
    if (known !== undefined) return known;
    if (this.#blocks.size >= this.#limit) this.#dropCleanBlocks();
    const block: Block = { bytes: new Uint8Array(blockLength), dirty: 0 };
    this.#load(block.bytes, index * blockLength);
    this.#blocks.set(index, block);
    return block;
  }

  #dropCleanBlocks(): void {
    for (const [index, { dirty }] of this.#blocks) {
      if (dirty === 0) this.#blocks.delete(index);
    }
  }
}

/** The part of so many bytes at a position that lies in one block. */
function pieceAt(position: number, wanted: number) {
  const index = Math.floor(position / blockLength);
  const offset = position - index * blockLength;
  return { index, offset, length: Math.min(blockLength - offset, wanted) };
}

/** The bits of the pages that hold any of the bytes from `from` to before `to`, within a block. */
function bits(from: number, to: number): number {
  const first = Math.floor(from / pageLength);
  const count = Math.ceil(to / pageLength) - first;
  return ((1 << count) - 1) << first;
}
