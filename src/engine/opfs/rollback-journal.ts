/**
 * Reads and writes SQLite's rollback journal (sqlite.org/fileformat2.html, section 3): pages as they were before
 * an unfinished transaction. Pure.
 */
const magic = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7] as const;
const headerFields = 28;
const untilTheEnd = 0xffffffff;
/** Bytes of a record's page number and checksum. */
const recordOverhead = 8;
/** The checksum adds up every 200th byte, counted from the end. */
const checksumStep = 200;

export interface Rollback {
  readonly pageSize: number;
  /** The database's size before the transaction, in pages. */
  readonly initialPages: number;
  readonly pages: readonly { readonly number: number; readonly bytes: Uint8Array }[];
}

/** What to restore; null where the journal is not hot (empty, blanked, never synced). */
export function readRollbackJournal(journal: Uint8Array): Rollback | null {
  const view = new DataView(journal.buffer, journal.byteOffset, journal.byteLength);
  const first = readSegmentHeader(journal, view, 0);
  if (first === null) return null;
  const { pageSize, sectorSize, initialPages } = first;
  const pages: { number: number; bytes: Uint8Array }[] = [];
  const recordLength = pageSize + recordOverhead;

  let at = 0;
  let header: SegmentHeader | null = first;
  while (header !== null) {
    let record = at + sectorSize;
    const room = Math.max(0, Math.floor((journal.length - record) / recordLength));
    const count = header.records === untilTheEnd ? room : Math.min(header.records, room);
    for (let i = 0; i < count; i++, record += recordLength) {
      const number = view.getUint32(record);
      const bytes = journal.subarray(record + 4, record + 4 + pageSize);
      const expected = view.getUint32(record + 4 + pageSize);
      // An incomplete record ends the journal, because SQLite wrote no page of the database after it.
      if (number === 0 || checksum(bytes, header.nonce) !== expected) {
        return { pageSize, initialPages, pages };
      }
      if (number <= initialPages) pages.push({ number, bytes });
    }
    if (header.records === 0) break;
    at = Math.ceil(record / sectorSize) * sectorSize;
    header = readSegmentHeader(journal, view, at);
  }
  return { pageSize, initialPages, pages };
}

/** The sector size that we write; any power of two from 512 works. */
const writtenSectorSize = 512;

/** Writes a journal of one segment, which `readRollbackJournal` reads as `rollback`. `nonce` seeds its checksums. */
export function writeRollbackJournal(rollback: Rollback, nonce: number): Uint8Array<ArrayBuffer> {
  const { pageSize, initialPages, pages } = rollback;
  const recordLength = pageSize + recordOverhead;
  const journal = new Uint8Array(writtenSectorSize + pages.length * recordLength);
  const view = new DataView(journal.buffer);
  journal.set(magic);
  view.setUint32(8, pages.length);
  view.setUint32(12, nonce);
  view.setUint32(16, initialPages);
  view.setUint32(20, writtenSectorSize);
  view.setUint32(24, pageSize);
  pages.forEach(({ number, bytes }, index) => {
    const record = writtenSectorSize + index * recordLength;
    view.setUint32(record, number);
    journal.set(bytes, record + 4);
    view.setUint32(record + 4 + pageSize, checksum(bytes, nonce));
  });
  return journal;
}

interface SegmentHeader {
  readonly records: number;
  readonly nonce: number;
  readonly initialPages: number;
  readonly sectorSize: number;
  readonly pageSize: number;
}

function readSegmentHeader(journal: Uint8Array, view: DataView, at: number): SegmentHeader | null {
  if (at + headerFields > journal.length) return null;
  if (magic.some((byte, index) => journal[at + index] !== byte)) return null;
  const sectorSize = view.getUint32(at + 20);
  const pageSize = view.getUint32(at + 24);
  if (!isPowerOfTwo(sectorSize, 32, 65536) || !isPowerOfTwo(pageSize, 512, 65536)) return null;
  return {
    records: view.getUint32(at + 8),
    nonce: view.getUint32(at + 12),
    initialPages: view.getUint32(at + 16),
    sectorSize,
    pageSize,
  };
}

function isPowerOfTwo(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && (value & (value - 1)) === 0;
}

function checksum(page: Uint8Array, nonce: number): number {
  let sum = nonce >>> 0;
  for (let i = page.length - checksumStep; i > 0; i -= checksumStep)
    sum = (sum + (page[i] ?? 0)) >>> 0;
  return sum;
}
