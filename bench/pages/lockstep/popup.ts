/** The popup in a tab of its own, watched through its own performance timeline. */
import type { PopupOpening } from '../protocol.ts';
import { closeOtherTabs, openTab } from './tabs.ts';
import { until } from './until.ts';

const path = '/popup/index.html';
const paintMark = 'lockstep:rows-painted';

type View = Window & typeof globalThis;

/** The window of the open popup: pages of one extension may reach each other. */
export function popupView(): View | null {
  const views = chrome.extension.getViews({ type: 'tab' }) as View[];
  return views.find((view) => view.location.pathname === path) ?? null;
}

export async function openPopup(): Promise<PopupOpening> {
  await openTab(chrome.runtime.getURL(path));
  // Rare looks: this page shares its thread with the popup.
  await until(
    'the popup to paint',
    () => {
      const view = popupView();
      return view !== null && view.performance.getEntriesByName(paintMark).length > 0;
    },
    100,
  );
  const view = popupView();
  if (view === null) throw new Error('the popup is gone');
  const { performance } = view;
  const markAt = (name: string) => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
  return {
    scriptStart: markAt('lockstep:script-start'),
    rowsReady: markAt('lockstep:rows-ready'),
    rowsPainted: markAt(paintMark),
    rows: view.document.querySelectorAll('[data-testid=conversation-row]').length,
  };
}

export async function closePopup(): Promise<void> {
  await closeOtherTabs();
}
