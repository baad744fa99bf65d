/**
 * Checks the header of a SQLite database (sqlite.org/fileformat2.html, section 1.3): enough to recognise
 * garbage and a truncated file without reading all of it. Pure.
 */
export const databaseHeaderLength = 100;
const magic = 'SQLite format 3\0';

/** The problem with a database of `length` bytes that begins with `header`; null for none. */
export function headerProblem(header: Uint8Array, length: number): string | null {
  if (length < databaseHeaderLength || header.length < databaseHeaderLength) {
    return `it has only ${length} bytes`;
  }
  if (new TextDecoder('latin1').decode(header.subarray(0, magic.length)) !== magic) {
    return 'it does not begin as a database';
  }
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const declared = view.getUint16(16);
  const pageSize = declared === 1 ? 65_536 : declared;
  const pages = view.getUint32(28);
  // Otherwise the last writer did not maintain the page count.
  const isCounted = pages > 0 && view.getUint32(24) === view.getUint32(92);
  if (isCounted && length < pages * pageSize) {
    return `it has ${length} of ${pages * pageSize} bytes`;
  }
  return null;
}
