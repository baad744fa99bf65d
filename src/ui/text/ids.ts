/** Long identifiers, short enough to read and long enough to tell apart. */

/** `0x1234…abcd` for an address, `1234…abcd` for an id. Short values are left as they are. */
export function shortId(id: string): string {
  const prefix = id.startsWith('0x') ? 6 : 4;
  return id.length <= prefix + 5 ? id : `${id.slice(0, prefix)}…${id.slice(-4)}`;
}
