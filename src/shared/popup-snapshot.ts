/**
 * What the popup shows first: a picture of the account and the first chats, which the background keeps
 * in the memory of the browser (`storage.session`), because opening IndexedDB takes the popup longer than
 * everything else. The store stays the only truth: a page shows the picture until it has read the store,
 * a few hundredths of a second later, and acts on nothing that only the picture says.
 *
 * Guarantees: it never shows a conversation that the store has hidden (denied, removed, another account),
 * whatever dies in between, because it goes before such a change is written. Otherwise it may be older
 * than the store, by a quarter of a second, or by what a death of the background in that time leaves. It
 * is on no disk, and ends with the browser or the extension's version. It may be missing at any time.
 */
import type { PublicAccount } from './account.ts';
import type { Conversation } from './conversation.ts';
import type { ConversationId } from './ids.ts';
import type { Settings } from './settings.ts';

/** Where it lies in the session's storage, which only the extension's own pages may read. */
export const popupSnapshotKey = 'popup-snapshot';

/** The rows of the list's first page: what a popup, or a tab twice as high, shows without scrolling. */
export const popupSnapshotRows = 50;

export interface PopupSnapshot {
  readonly account: PublicAccount & { readonly phase: 'ready' };
  readonly settings: Settings;
  /** As the list shows them: pinned ones, then the rest, each last activity first. */
  readonly rows: readonly Conversation[];
  readonly pinned: readonly ConversationId[];
}

/** A row shows no more of any text (`ui/text/contents.ts`), and a message may have 500 kB. */
const longestText = 300;

/** As text: it is cut to what a row shows on the way, and two pictures are easy to compare. */
export function encodePopupSnapshot(screen: PopupSnapshot): string {
  return asPicture(screen);
}

/** Whether two values look alike in a picture: then what is shown need not be drawn again. */
export function looksAlike<T>(one: T, other: T): boolean {
  return asPicture(one) === asPicture(other);
}

function asPicture(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' && part.length > longestText ? part.slice(0, longestText) : part,
  );
}

/** Null for whatever is not a picture. Only the background can write there, so its rows are taken as they are. */
export function decodePopupSnapshot(stored: unknown): PopupSnapshot | null {
  if (typeof stored !== 'string') return null;
  try {
    const screen = JSON.parse(stored) as Partial<PopupSnapshot> | null;
    const isWhole =
      screen?.account?.phase === 'ready' &&
      typeof screen.settings === 'object' &&
      Array.isArray(screen.rows) &&
      Array.isArray(screen.pinned);
    return isWhole ? (screen as PopupSnapshot) : null;
  } catch {
    return null;
  }
}
