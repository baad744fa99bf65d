import type { Conversation } from '../../shared/conversation.ts';

interface Props {
  readonly kind: Conversation['kind'];
  readonly title: string;
}

export function Avatar({ kind, title }: Props) {
  return (
    <span class={avatarClass(kind)} aria-hidden="true">
      {avatarLetters(title)}
    </span>
  );
}

export function avatarClass(kind: Conversation['kind']): string {
  return `avatar ${kind}`;
}

/** The first letter of a name, or the last two digits of an address: enough to tell rows apart. */
export function avatarLetters(title: string): string {
  const letters = title.startsWith('0x') ? title.slice(-2) : firstLetter(title.trim());
  return letters.toLocaleUpperCase();
}

/** What a reader takes for the first letter, which may be several code points. */
function firstLetter(text: string): string {
  // Two plain letters stand for themselves, and asking takes a hundred times as long.
  if (/^[a-z0-9]{2}/i.test(text)) return text.charAt(0);
  const [first] = (segmenter ??= new Intl.Segmenter()).segment(text);
  return first?.segment ?? '?';
}

let segmenter: Intl.Segmenter | undefined;
