/**
 * The session's storage: in the browser's memory, for the extension's own pages only (its access level is
 * left at TRUSTED_CONTEXTS), and gone when the browser ends or another version is installed. Both browsers
 * carry out what one page asks for in its order.
 */
import { popupSnapshotKey } from '../../shared/popup-snapshot.ts';
import type { SnapshotStorage } from '../popup-snapshot/popup-snapshots.ts';
import { browser } from './browser.ts';

export const popupSnapshotStorage: SnapshotStorage = {
  put: (picture) => browser.storage.session.set({ [popupSnapshotKey]: picture }),
  remove: () => browser.storage.session.remove(popupSnapshotKey),
};
