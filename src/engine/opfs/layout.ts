/** Each file of libxmtp's pool begins with a header of so many bytes; the file's data follows. */
export const headerLength = 4096;

const pathLength = 512;

/** The logical path in a header, without a leading slash; empty for a file that is free. */
export function pathIn(header: Uint8Array): string {
  const path = header.subarray(0, pathLength);
  const end = path.indexOf(0);
  return new TextDecoder().decode(end < 0 ? path : path.subarray(0, end)).replace(/^\//, '');
}

/** SQLite's name for the rollback journal of a database. */
export const journalSuffix = '-journal';
