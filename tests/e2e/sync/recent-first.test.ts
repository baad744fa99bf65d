import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as beneath from '../../support/faults/beneath.ts';
import * as read from '../../support/pages/reading.ts';
import { until } from '../../support/until.ts';
import { groupWith, openHome, type Home } from '../../support/world.ts';

/** More than the engine takes for a small sync. */
const many = 44;

let home: Home;
const groups: Awaited<ReturnType<typeof groupWith>>[] = [];
beforeAll(async () => {
  home = await openHome();
  const peer = await home.newPeer();
  for (let i = 0; i < many; i++) {
    groups.push(await groupWith(peer, home.me.inboxId, `Group ${i}`, []));
  }
  await home.driver.syncConversations();
});
afterAll(() => home.close());

const command = (name: string, input: unknown) =>
  home.driver.page.evaluate(beneath.command, name, input);

test('a large sync serves what is pinned and what was active last first, and it can be read while the rest goes on', async () => {
  const { driver, network } = home;
  const [newest, pinned, oldest] = [groups[0]!, groups.at(-2)!, groups.at(-1)!];
  await driver.setConsent(pinned.id(), 'allowed');
  await driver.setPinned(pinned.id(), true);
  await until('what comes of allowing it', async () => {
    const runs = await driver.runs();
    const isFetched = runs.some(({ trigger }) => trigger === 'consent');
    return isFetched && runs.every(({ state }) => state === 'complete');
  });
  // The other way round than they were made, so that libxmtp's own order would be wrong.
  for (const group of [...groups].reverse()) await group.sendText('hello');
  const slow = await network.control.addFault({
    method: 'QueryGroupMessages',
    containing: oldest.id(),
    effect: { kind: 'latency', milliseconds: 8_000 },
  });

  const watcher = await driver.browser.newPage();
  await watcher.goto('popup/index.html');
  await until('the popup', () => watcher.evaluate(read.isReady));
  await watcher.evaluate(watchProgress);
  const runId = await driver.startSync(['allowed', 'unknown']);
  for (const group of [newest, pinned]) {
    await until('the message, in the middle of the sync', async () => {
      const texts = (await driver.messages(group.id())).map(({ text }) => text);
      return texts.includes('hello');
    });
  }
  const during = (await driver.runs()).find(({ id }) => id === runId);
  expect(during?.state).toBe('running');
  expect(await driver.messages(oldest.id())).toEqual([]);
  await network.control.removeFault(slow);

  const run = await driver.ended(runId);
  expect(run).toMatchObject({ state: 'complete', failures: [] });
  // A group's own first commit is a message too.
  expect(run.summary).toMatchObject({ synced: many, repaired: 0 });
  for (const group of [newest, groups[20]!, pinned, oldest]) {
    expect((await driver.messages(group.id())).map(({ text }) => text)).toEqual(['hello']);
  }
  expectSteady(await watcher.evaluate(shownProgress));
  await watcher.close();

  await network.control.resetCounters();
  expect(await driver.syncAll()).toMatchObject({ state: 'complete' });
  const calls = await network.control.counters();
  expect(Object.values(calls).reduce((sum, method) => sum + method.calls, 0)).toBe(2);
});

test('conversations that come in the same sync are served by their last messages, too', async () => {
  const { driver, me, network } = home;
  const peer = await home.newPeer();
  const fresh: typeof groups = [];
  for (let i = 0; i < many; i++) fresh.push(await groupWith(peer, me.inboxId, `New ${i}`, ['hi']));
  const [oldest, newest] = [fresh[0]!, fresh.at(-1)!];
  const slow = await network.control.addFault({
    method: 'QueryGroupMessages',
    containing: oldest.id(),
    effect: { kind: 'latency', milliseconds: 8_000 },
  });
  // Asked for with the first welcome of somebody unknown.
  await network.control.addFault({
    method: 'GetIdentityUpdates',
    times: 1,
    effect: { kind: 'latency', milliseconds: 1_500 },
  });
  const runId = await driver.startSync(['allowed', 'unknown']);
  await until('how many new conversations there are', () =>
    driver.page.evaluate(
      read.exists,
      `[data-testid=active-run][data-step=joining][data-total="${many}"]`,
    ),
  );
  await until('the message, in the middle of the sync', async () =>
    (await driver.messages(newest.id())).some(({ text }) => text === 'hi'),
  );
  expect((await driver.runs()).find(({ id }) => id === runId)?.state).toBe('running');
  await network.control.removeFault(slow);
  expect(await driver.ended(runId)).toMatchObject({ state: 'complete', failures: [] });
  expect((await driver.messages(oldest.id())).map(({ text }) => text)).toEqual(['hi']);
});

interface Shown {
  readonly step: string;
  readonly done: number;
  readonly total: number | null;
}

/** The whole is known before the first conversation is fetched, and what is shown never goes back. */
function expectSteady(shown: readonly Shown[]): void {
  const counted = shown.filter(({ total }) => total !== null);
  const steps = counted.map(({ step }) => step);
  const order = ['recent', 'syncing', 'storing', 'checking'];
  const told = JSON.stringify(shown);
  expect(steps, told).toEqual(steps.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
  const fetching = counted.filter(({ step }) => step === 'recent' || step === 'syncing');
  expect(new Set(fetching.map(({ step }) => step)), told).toEqual(new Set(['recent', 'syncing']));
  const done = fetching.map((one) => one.done);
  expect(done, told).toEqual(done.toSorted((a, b) => a - b));
  // The device-sync group may be fetched beside them.
  for (const { total } of fetching) expect([many, many + 1], told).toContain(total);
}

/** Notes whatever the popup shows of a running sync from now on. */
function watchProgress(): void {
  const shown: Shown[] = [];
  new MutationObserver(() => {
    const run = document.querySelector<HTMLElement>('[data-testid=active-run]');
    const { step, done, total } = run?.dataset ?? {};
    if (step === undefined) return;
    shown.push({ step, done: Number(done), total: total === undefined ? null : Number(total) });
    // Kept where every script of the page finds it.
    document.documentElement.dataset['shown'] = JSON.stringify(shown);
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}

function shownProgress(): readonly Shown[] {
  return JSON.parse(document.documentElement.dataset['shown'] ?? '[]') as Shown[];
}

test('pinned conversations stand at the top, marked, until they are unpinned, whatever happens to the store', async () => {
  const { driver } = home;
  const [before, other] = [groups.at(-2)!.id(), groups.at(-3)!.id()];
  await driver.setConsent(groups[0]!.id(), 'allowed');
  await driver.setConsent(other, 'allowed');
  await driver.setPinned(other, true);
  const top = async () => {
    const rows = await driver.conversations();
    return rows.map(({ id, pinned }) => [id, pinned] as const);
  };
  // By activity among themselves; what was active last of all comes after them.
  const expected = [
    [other, true],
    [before, true],
    [groups[0]!.id(), false],
  ] as const;
  const settled = async (order: readonly (readonly [string, boolean])[]) => {
    // What allowing them fetches may still be on its way, and decides about the order.
    await until('the order', async () => JSON.stringify(await top()) === JSON.stringify(order));
  };
  await settled(expected);
  expect(await driver.page.evaluate(accessibleRow, before)).toContain('Pinned');
  expect(await driver.page.evaluate(accessibleRow, groups[0]!.id())).not.toContain('Pinned');

  await driver.killBackground();
  await command('rebuildStore', {});
  await until('the rebuild', async () => {
    await driver.page.goto('popup/index.html#/database');
    const rebuild = await until('the page', () =>
      driver.page.evaluate(beneath.dataOf, '[data-testid=rebuild]'),
    );
    return rebuild['state'] === 'complete';
  });
  await settled(expected);

  await driver.setPinned(before, false);
  await driver.setPinned(other, false);
  await settled([
    [groups[0]!.id(), false],
    [other, false],
    [before, false],
  ]);
});

/** What a screen reader says of a row. */
function accessibleRow(id: string): string {
  // Without what is hidden.
  return document.querySelector<HTMLElement>(`[data-conversation-id="${id}"]`)?.innerText ?? '';
}

test('as many can be pinned as make sense, and the popup says so', async () => {
  const { driver } = home;
  const wanted = groups.slice(1, 12);
  for (const group of wanted) {
    await command('setConsent', { conversationId: group.id(), consent: 'allowed' });
  }
  const [last, ...rest] = wanted.map((group) => group.id());
  for (const conversationId of rest) {
    await command('setPinned', { conversationId, pinned: true });
  }
  await driver.page.goto(`popup/index.html#/conversation/${last}`);
  await until('the button', () => driver.page.evaluate(read.exists, '[data-testid=pin]'));
  await driver.page.click('[data-testid=pin]');
  const error = await until('the words', () =>
    driver.page.evaluate(beneath.dataOf, '[data-testid=error]'),
  );
  expect(error['errorCode']).toBe('too_many_pins');
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  expect(await driver.browser.inspect(driver.page, axe)).toEqual([]);
  // One that cannot be seen any more makes room.
  await command('setConsent', { conversationId: rest[0], consent: 'denied' });
  await driver.setPinned(last!, true);
  const rows = await driver.conversations();
  expect(rows.filter(({ pinned }) => pinned)).toHaveLength(10);
});
