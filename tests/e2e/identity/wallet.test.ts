/** A wallet in a web page sets an inbox up. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as read from '../../support/pages/reading.ts';
import { until } from '../../support/until.ts';
import {
  chooseWallet,
  foundWallets,
  inviteWallet,
  openOverSite,
  problem,
  ready,
  sign,
} from '../../support/wallets/flow.ts';
import { openWalletSite, type WalletSite } from '../../support/wallets/site.ts';
import { createWallet, never, rejected, textOf, toHex } from '../../support/wallets/wallet.ts';
import { openWorld, type World } from '../../support/world.ts';
import { signText } from '../../../network/population/peer.ts';

let world: World;
let site: WalletSite;
beforeEach(async () => {
  world = await openWorld();
  site = await openWalletSite([createWallet('First'), createWallet('Second')]);
});
afterEach(async () => {
  await world.close();
  await site.close();
});

/** What the network has been asked to store: a refused signature must not get there. */
async function published(): Promise<number> {
  return (await world.network.control.counters())['PublishIdentityUpdate']?.calls ?? 0;
}

test('wallet: an inbox is set up with one signature of the wallet that was chosen', async () => {
  const [first, second] = site.wallets as [WalletSite['wallets'][0], WalletSite['wallets'][0]];
  await inviteWallet(world);
  const [, popup] = await openOverSite(world, site);
  expect(await foundWallets(popup)).toEqual(['First', 'Second']);
  // Nothing is asked before the person has chosen.
  expect(first.calls).toEqual([]);
  await chooseWallet(popup, 'Second');
  await sign(popup);
  await ready(world);
  const { address, inboxId } = await world.driver.identity();
  expect(address).toBe(second.address);
  expect(first.calls).toEqual([]);
  const signed = second.calls.filter(({ method }) => method === 'personal_sign');
  expect(signed).toHaveLength(1);
  expect(textOf(String(signed[0]?.params[0]))).toContain(inboxId);
  expect(new Set(second.calls.map(({ method }) => method))).toEqual(
    new Set(['eth_requestAccounts', 'eth_chainId', 'eth_getCode', 'eth_accounts', 'personal_sign']),
  );
});

test('wallet: a no, another account, a lie and a failure are said in words, spend nothing, and can be tried again', async () => {
  const [wallet] = site.wallets as [WalletSite['wallets'][0]];
  const honest = { ...wallet.methods };
  await inviteWallet(world);
  const [, popup] = await openOverSite(world, site);
  wallet.methods['eth_requestAccounts'] = rejected;
  await chooseWallet(popup, 'First');
  expect(await problem(popup)).toBe('wallet_declined');
  Object.assign(wallet.methods, honest);
  await chooseWallet(popup, 'First');
  await until('what is to be signed', () =>
    popup.evaluate(read.exists, '[data-testid=sign-with-wallet]'),
  );
  const tries: [string, Record<string, () => unknown>][] = [
    // No two alike follow each other, so that none is taken for the next.
    ['wallet_declined', { personal_sign: rejected }],
    ['wallet_failed', { personal_sign: () => 'nonsense' }],
    ['wallet_other_account', { eth_accounts: () => [createWallet('Other').address] }],
    ['wallet_failed', { personal_sign: () => ({ length: 65 }) }],
  ];
  for (const [code, misbehaviour] of tries) {
    Object.assign(wallet.methods, honest, misbehaviour);
    await sign(popup);
    await until(`${code} in words`, async () => (await problem(popup)) === code);
  }
  // It shows one account and signs with the key of another.
  const other = createWallet('Other').privateKey;
  Object.assign(wallet.methods, honest, {
    personal_sign: (message: string) => toHex(signText(textOf(message), other)),
  });
  await sign(popup);
  await until('the lie to be noticed', async () => (await problem(popup)) === 'signature_wrong');
  expect(await published()).toBe(0);
  Object.assign(wallet.methods, honest);
  await sign(popup);
  await ready(world);
  expect((await world.driver.identity()).address).toBe(wallet.address);
});

test('wallet: one that never answers can be left, and another one goes on', async () => {
  const [silent, other] = site.wallets as [WalletSite['wallets'][0], WalletSite['wallets'][0]];
  silent.methods['eth_requestAccounts'] = never;
  await inviteWallet(world);
  const [page, popup] = await openOverSite(world, site);
  await chooseWallet(popup, 'First');
  await until('the wallet to be asked', async () => silent.calls.length > 0);
  await popup.click('[data-testid=cancel-wallet]');
  await until(
    'the choice',
    async () => (await world.driver.page.evaluate(read.setupPhase)) === 'choose',
  );
  await popup.close();
  await inviteWallet(world);
  const again = await world.driver.browser.clickAction(page);
  await chooseWallet(again, 'Second');
  await sign(again);
  await ready(world);
  expect((await world.driver.identity()).address).toBe(other.address);
});

test('wallet: an injected provider that does not announce itself is found, and an announced one only once', async () => {
  site.injected = { announced: false };
  await inviteWallet(world);
  const [page, popup] = await openOverSite(world, site);
  expect(await foundWallets(popup)).toEqual(['Second', '']);
  await popup.close();
  site.injected = { announced: true };
  await page.reload();
  const again = await world.driver.browser.clickAction(page);
  expect(await foundWallets(again)).toEqual(['First', 'Second']);
});

test('wallet: a page without one says what to do, and what cannot be looked into does too', async () => {
  site.wallets = [];
  await inviteWallet(world);
  const [, popup] = await openOverSite(world, site);
  expect(await foundWallets(popup)).toEqual([]);
  await until('what to do', () => popup.evaluate(read.exists, '[data-testid=no-wallets]'));
  await popup.close();
  const over = await world.driver.browser.clickAction(world.driver.page);
  expect(await problem(over)).toBe('page_unreachable');
});

test('wallet: a page that is left in the middle of signing ends it, and the person can go on', async () => {
  const [wallet] = site.wallets as [WalletSite['wallets'][0]];
  const honest = wallet.methods['personal_sign'];
  wallet.methods['personal_sign'] = never;
  await inviteWallet(world);
  const [page, popup] = await openOverSite(world, site);
  await chooseWallet(popup, 'First');
  await sign(popup);
  await until('the wallet to be asked', async () =>
    wallet.calls.some(({ method }) => method === 'personal_sign'),
  );
  await popup.close();
  await page.reload();
  await until('the page to be missed', async () =>
    world.driver.page.evaluate(read.exists, '[data-testid=error][data-error-code=wallet_gone]'),
  );
  wallet.methods['personal_sign'] = honest!;
  const again = await world.driver.browser.clickAction(page);
  await chooseWallet(again, 'First');
  await sign(again);
  await ready(world);
});

test('wallet: a background that dies while the wallet is asked has spent nothing, and the person can go on', async () => {
  const [wallet] = site.wallets as [WalletSite['wallets'][0]];
  const honest = wallet.methods['personal_sign'];
  wallet.methods['personal_sign'] = never;
  await inviteWallet(world);
  const [page, popup] = await openOverSite(world, site);
  await chooseWallet(popup, 'First');
  await sign(popup);
  await until('the wallet to be asked', async () =>
    wallet.calls.some(({ method }) => method === 'personal_sign'),
  );
  await popup.close();
  await world.driver.killBackground();
  await world.driver.page.reload();
  await until('the interruption in words', () =>
    world.driver.page.evaluate(read.exists, '[data-testid=error][data-error-code=interrupted]'),
  );
  expect(await published()).toBe(0);
  wallet.methods['personal_sign'] = honest!;
  const again = await world.driver.browser.clickAction(page);
  await chooseWallet(again, 'First');
  await sign(again);
  await ready(world);
});
