/** The popup in a tab of its own, watched through its own performance timeline. */
import type { PopupOpening } from '../protocol.ts';
import { paintMark, readyMark, startMark, stillMarkup } from './popup-marks.ts';
import { closeOtherTabs, openTab } from './tabs.ts';
import { until } from './until.ts';

const path = '/popup/index.html';
const stillPath = '/bench/still.html';
/** As many rows as are counted; the popup draws more of them once it is painted. */
const stillRows = 50;

type View = Window & typeof globalThis;

/** The window of the open popup: pages of one extension may reach each other. */
export function popupView(): View | null {
  return viewAt(path);
}

function viewAt(pathname: string): View | null {
  const views = chrome.extension.getViews({ type: 'tab' }) as View[];
  return views.find((view) => view.location.pathname === pathname) ?? null;
}

export async function openPopup(): Promise<PopupOpening> {
  const opening = await open(path);
  const body = popupView()?.document.body;
  if (body !== undefined) keepStill(body.cloneNode(true) as HTMLElement);
  return opening;
}

function keepStill(body: HTMLElement): void {
  for (const row of [...body.querySelectorAll('.list-row')].slice(stillRows)) row.remove();
  for (const element of body.querySelectorAll<HTMLElement>('[style]')) {
    element.dataset['style'] = element.style.cssText;
    element.removeAttribute('style');
  }
  localStorage.setItem(stillMarkup, body.innerHTML);
}

/** The popup as it was when it was opened last, as bare markup. */
export function openStill(): Promise<PopupOpening> {
  return open(stillPath);
}

async function open(pathname: string): Promise<PopupOpening> {
  await openTab(chrome.runtime.getURL(pathname));
  // Rare looks: this page shares its thread with the popup.
  await until(
    'the page to paint',
    () => {
      const view = viewAt(pathname);
      return view !== null && view.performance.getEntriesByName(paintMark).length > 0;
    },
    100,
  );
  const view = viewAt(pathname);
  if (view === null) throw new Error('the page is gone');
  const { performance } = view;
  const markAt = (name: string) => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
  return {
    scriptStart: markAt(startMark),
    rowsReady: markAt(readyMark),
    rowsPainted: markAt(paintMark),
    rows: view.document.querySelectorAll('[data-testid=conversation-row]').length,
  };
}

export async function closePopup(): Promise<void> {
  await closeOtherTabs();
}
