/** Length of the header of each file in libxmtp's pool, in bytes. The file's data follows it. */
export const headerLength = 4096;

const pathLength = 512;

/** The logical path in a header, without a leading slash; empty for a free file. */
export function pathIn(header: Uint8Array): string {
  const path = header.subarray(0, pathLength);
  const end = path.indexOf(0);
  return new TextDecoder().decode(end < 0 ? path : path.subarray(0, end)).replace(/^\//, '');
}

/** SQLite's name for the rollback journal of a database. */
export const journalSuffix = '-journal';
