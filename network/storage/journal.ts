/**
 * The journal on disk: a frame for each acknowledged write. A write is acknowledged after the operating
 * system has it, so `kill -9` of the process loses nothing; a frame torn by a crash is cut off at the
 * next start. Power loss is not covered: this network is for development.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';

const fileName = 'journal';
/** Length and checksum, both 32 bits, before each record. */
const frameHeader = 8;

export interface Journal {
  /** Everything that was written before, in order. */
  readonly records: readonly Uint8Array[];
  /** Writes all of them or, throwing, none. */
  append(records: readonly Uint8Array[]): void;
  close(): void;
}

/** Opens or makes the journal of a directory. Throws where it cannot be written. */
export function openJournal(directory: string): Journal {
  mkdirSync(directory, { recursive: true });
  const descriptor = openSync(path.join(directory, fileName), 'a+');
  const { records, end: readEnd } = readFrames(readFileSync(descriptor));
  let end = readEnd;
  ftruncateSync(descriptor, end);
  return {
    records,
    append(appended) {
      const frames = Buffer.concat(appended.flatMap(frameOf));
      try {
        let written = 0;
        while (written < frames.length) written += writeSync(descriptor, frames, written);
      } catch (error) {
        // A torn frame in the middle would hide everything that follows it.
        ftruncateSync(descriptor, end);
        throw error;
      }
      end += frames.length;
    },
    close: () => closeSync(descriptor),
  };
}

function frameOf(record: Uint8Array): readonly Uint8Array[] {
  const header = Buffer.allocUnsafe(frameHeader);
  header.writeUInt32LE(record.length, 0);
  header.writeUInt32LE(crc32(record), 4);
  return [header, record];
}

function readFrames(bytes: Buffer): { records: Uint8Array[]; end: number } {
  const records: Uint8Array[] = [];
  let end = 0;
  while (end + frameHeader <= bytes.length) {
    const length = bytes.readUInt32LE(end);
    const start = end + frameHeader;
    if (start + length > bytes.length) break;
    const record = bytes.subarray(start, start + length);
    if (crc32(record) !== bytes.readUInt32LE(end + 4)) break;
    records.push(record);
    end = start + length;
  }
  return { records, end };
}
