/**
 * The popup's snapshot, asked for before anything is evaluated that draws it, and for that
 * built on its own, too.
 */
import { decodePopupSnapshot, popupSnapshotKey } from '../shared/popup-snapshot.ts';
import { sessionValue } from '../ui/platform/extension.ts';

/** Null where there is none, for whatever reason: then the popup waits for the store. */
export const popupSnapshot = sessionValue(popupSnapshotKey).then(decodePopupSnapshot, () => null);
