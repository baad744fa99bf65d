/** Which rows of a long list of equal heights exist in the document. */

export interface RowWindow {
  /** Index of the first row and of the row after the last. */
  readonly start: number;
  readonly end: number;
}

/**
 * Rows that are visible plus `spare` on either side, but at least `least` in all while the list has
 * them. Lengths in pixels. `scrollTop` may be out of range (elastic scrolling).
 */
export function rowWindow(input: {
  readonly scrollTop: number;
  readonly viewport: number;
  readonly rowHeight: number;
  readonly count: number;
  readonly spare: number;
  readonly least: number;
}): RowWindow {
  const { rowHeight, count } = input;
  const highest = Math.max(0, count * rowHeight - input.viewport);
  const top = Math.min(Math.max(0, input.scrollTop), highest);
  let start = Math.max(0, Math.floor(top / rowHeight) - input.spare);
  let end = Math.min(count, Math.ceil((top + input.viewport) / rowHeight) + input.spare);
  if (end - start < input.least) {
    end = Math.min(count, start + input.least);
    start = Math.max(0, end - input.least);
  }
  return { start, end };
}
