/**
 * Web pages by `scripting`, under `activeTab`: the person's click on Lockstep's icon lets us into that tab
 * until it leaves the page. Code goes in and its answer comes back by the browser's own call, so there is
 * no message from a page that anything would listen to. Frames are left alone: without frame ids, a call
 * is for the tab's own document.
 */
import { askWallet } from '../../content/ask-wallet.ts';
import { findWallets } from '../../content/find-wallets.ts';
import { markDocument } from '../../content/mark-document.ts';
import type { PageAccess } from '../wallet/page-access.ts';
import { browser } from './browser.ts';

export const pageAccess: PageAccess = {
  async activeTab() {
    const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
    return tab?.id ?? null;
  },
  mark: (tabId, sessionId) => run(tabId, 'ISOLATED', markDocument, sessionId),
  findWallets: (tabId, patience) => run(tabId, 'MAIN', findWallets, patience),
  ask: (tabId, call) => run(tabId, 'MAIN', askWallet, call),
  async show(tabId) {
    const { active, windowId } = await browser.tabs.get(tabId);
    // Where it is in front already, the popup over it would close.
    if (active) return;
    await browser.tabs.update(tabId, { active: true });
    if (windowId !== undefined) await browser.windows.update(windowId, { focused: true });
  },
};

async function run<Argument>(
  tabId: number,
  world: 'ISOLATED' | 'MAIN',
  func: (argument: Argument) => unknown,
  argument: Argument,
): Promise<unknown> {
  const [answer] = await browser.scripting.executeScript({
    target: { tabId },
    world,
    func: func,
    args: [argument],
  });
  if (answer === undefined) throw new Error('the page is gone');
  return answer.result;
}
