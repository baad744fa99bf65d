import type { Conversation } from '../../shared/conversation.ts';

/**
 * The first letter of a name, or the last two digits of an address: enough to tell rows apart. A function
 * and no component, because every row of a list has one.
 */
export function avatar(kind: Conversation['kind'], title: string) {
  const letters = title.startsWith('0x') ? title.slice(-2) : firstLetter(title.trim());
  return (
    <span class={`avatar ${kind}`} aria-hidden="true">
      {letters.toLocaleUpperCase()}
    </span>
  );
}

/** What a reader takes for the first letter, which may be several code points. */
function firstLetter(text: string): string {
  // Two plain letters stand for themselves, and asking takes a hundred times as long.
  if (/^[a-z0-9]{2}/i.test(text)) return text.charAt(0);
  const [first] = (segmenter ??= new Intl.Segmenter()).segment(text);
  return first?.segment ?? '?';
}

let segmenter: Intl.Segmenter | undefined;
