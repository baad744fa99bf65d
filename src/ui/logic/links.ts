/** Web addresses inside message texts. */

export interface TextPiece {
  readonly text: string;
  /** The address to open; null for plain text. */
  readonly href: string | null;
}

/** Ends before punctuation that closes a sentence or a bracket rather than an address. */
const address = /\bhttps?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]}…]/giu;

/** Splits a text at its http(s) addresses. Joined again, the pieces are the text. */
export function splitLinks(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  for (const match of text.matchAll(address)) {
    if (!URL.canParse(match[0])) continue;
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), href: null });
    pieces.push({ text: match[0], href: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length || pieces.length === 0) pieces.push({ text: text.slice(at), href: null });
  return pieces;
}
