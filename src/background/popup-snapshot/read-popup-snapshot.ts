/** The popup's first screen as the store has it, by the same readings as the popup's own. */
import { pinnedFirst } from '../../shared/conversation.ts';
import { popupSnapshotRows, type PopupSnapshot } from '../../shared/popup-snapshot.ts';
import type { StoreReader } from '../../store/reader.ts';

/** Null while there is no inbox to show. */
export async function readPopupSnapshot(
  reader: Pick<StoreReader, 'account' | 'settings' | 'conversations' | 'pinned'>,
): Promise<PopupSnapshot | null> {
  const account = await reader.account();
  if (account?.phase !== 'ready') return null;
  const [settings, page, pinned] = await Promise.all([
    reader.settings(),
    reader.conversations({ consent: 'allowed', limit: popupSnapshotRows, after: null }),
    reader.pinned(),
  ]);
  return {
    account,
    settings,
    rows: pinnedFirst(pinned, page),
    pinned: pinned.map(({ id }) => id),
  };
}
