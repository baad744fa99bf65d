/** What a person does to use a wallet, step by step. */
import type { Page, Popup } from '../pages/page.ts';
import * as read from '../pages/reading.ts';
import { until } from '../until.ts';
import type { World } from '../world.ts';
import type { WalletSite } from './site.ts';

/** The set-up page waits for a wallet. */
export async function inviteWallet({ driver }: World): Promise<void> {
  await driver.chooseNetwork();
  await driver.page.click('[data-testid=way-wallet]');
  await until('the instructions', () =>
    driver.page.evaluate(read.exists, '[data-testid=wallet-instructions]'),
  );
}

/** Opens the page with the wallets, and the popup over it. */
export async function openOverSite(world: World, site: WalletSite): Promise<[Page, Popup]> {
  const page = await world.driver.browser.newPage();
  await page.goto(site.url);
  return [page, await clickAction(world, page)];
}

export async function clickAction({ driver }: World, page: Page): Promise<Popup> {
  const popup = await driver.browser.clickAction(page);
  await until('the popup to show something', () =>
    popup.evaluate(read.exists, '[data-testid=app][data-ready=true]'),
  );
  return popup;
}

/** Waits for the list of wallets, and answers their names. */
export function foundWallets(popup: Popup): Promise<readonly string[]> {
  return until('the wallets', () => popup.evaluate(walletNames));
}

export async function chooseWallet(popup: Popup, name: string): Promise<void> {
  await foundWallets(popup);
  await popup.click(`[data-testid=wallet][data-wallet-name="${name}"]`);
}

/** Waits for what is to be signed, and lets the wallet sign it. */
export async function sign(view: Pick<Page, 'evaluate' | 'click'>): Promise<void> {
  await until('what is to be signed', () =>
    view.evaluate(read.exists, '[data-testid=sign-with-wallet]'),
  );
  await view.click('[data-testid=sign-with-wallet]');
}

/** Waits until the inbox is set up. */
export async function ready({ driver }: World): Promise<void> {
  await until(
    'the inbox to be ready',
    async () => (await driver.page.evaluate(read.setupPhase)) === 'ready',
    60_000,
  );
}

/** Waits for a problem in words, and answers its code. */
export function problem(view: Pick<Page, 'evaluate'>): Promise<string> {
  return until('what went wrong', () => view.evaluate(shownProblem), 30_000);
}

function walletNames(): readonly string[] | null {
  if (document.querySelector('[data-testid=wallets]') === null) return null;
  return Array.from(document.querySelectorAll<HTMLElement>('[data-testid=wallet]')).map(
    ({ dataset }) => dataset['walletName'] ?? '',
  );
}

function shownProblem(): string | null {
  const error = document.querySelector<HTMLElement>('[data-testid=error]');
  return error?.dataset['errorCode'] ?? null;
}
