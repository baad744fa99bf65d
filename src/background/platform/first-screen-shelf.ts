/**
 * The session's storage: in the browser's memory, for the extension's own pages only (its access level is
 * left at TRUSTED_CONTEXTS), and gone when the browser ends or another version is installed. Both browsers
 * carry out what one page asks for in its order.
 */
import { firstScreenKey } from '../../shared/first-screen.ts';
import type { Shelf } from '../first-screen/first-screen.ts';
import { browser } from './browser.ts';

export const firstScreenShelf: Shelf = {
  put: (picture) => browser.storage.session.set({ [firstScreenKey]: picture }),
  remove: () => browser.storage.session.remove(firstScreenKey),
};
