import { afterAll, beforeAll, expect, test } from 'vitest';
import * as read from '../../support/pages/reading.ts';
import { until } from '../../support/until.ts';
import { groupWith, openHome, type Home } from '../../support/world.ts';

let home: Home;
let group: Awaited<ReturnType<typeof groupWith>>;
beforeAll(async () => {
  home = await openHome();
  const peer = await home.newPeer();
  group = await groupWith(peer, home.me.inboxId, 'Proof', ['one', 'two', 'three']);
  await home.driver.syncAll();
  await home.driver.setConsent(group.id(), 'allowed');
  await until('its messages', async () => (await home.driver.messages(group.id())).length === 3);
});
afterAll(() => home.close());

test('a sync of everything that ends well is proof that the store is complete, and the popup says when', async () => {
  const { driver, network } = home;
  const run = await driver.syncAll();
  expect(run).toMatchObject({ state: 'complete' });
  const at = await until('the proof', () => driver.completeAt());
  expect(Math.abs(at - Date.now())).toBeLessThan(60_000);
  await network.control.stopServing();
  expect(await driver.syncAll()).toMatchObject({ state: 'failed' });
  expect(await driver.completeAt()).toBe(at);
  await network.control.resumeServing();
});

test('a sync with nothing new costs two calls', async () => {
  const { driver, network } = home;
  await driver.syncAll();
  await network.control.resetCounters();
  const { summary } = await driver.syncAll();
  const counted = await network.control.counters();
  const calls = Object.entries(counted).filter(([, method]) => method.calls > 0);
  const shown = JSON.stringify(calls.map(([name, method]) => [name, method.calls]));
  expect(
    calls.reduce((sum, [, method]) => sum + method.calls, 0),
    shown,
  ).toBe(2);
  expect(summary?.['calls']).toBe(2);
});

test('what the store has wrong is found, put right, and said', async () => {
  const { driver } = home;
  const [first] = await driver.messages(group.id());
  await driver.page.evaluate(forge, first!.id);
  await group.sendText('four');
  const run = await driver.syncAll();
  expect(run.summary).toMatchObject({ newMessages: 1, repaired: 1 });
  expect(await driver.page.evaluate(findings)).toEqual([{ id: group.id(), surplus: '1' }]);
  expect((await driver.messages(group.id())).map(({ text }) => text)).toEqual([
    'one',
    'two',
    'three',
    'four',
  ]);
});

/** Puts a copy of a message into the store, behind its back. */
async function forge(id: string): Promise<void> {
  const [{ name = '' } = {}] = (await indexedDB.databases()).filter((database) =>
    database.name?.startsWith('lockstep-derived-'),
  );
  await new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open(name);
    opening.onerror = () => reject(new Error(String(opening.error)));
    opening.onsuccess = () => {
      const transaction = opening.result.transaction('messages', 'readwrite');
      const messages = transaction.objectStore('messages');
      const reading = messages.get(id);
      reading.onsuccess = () => {
        messages.put({ ...(reading.result as object), id: 'f'.repeat(64) });
      };
      transaction.oncomplete = () => {
        opening.result.close();
        resolve();
      };
    };
  });
}

function findings() {
  return [...document.querySelectorAll<HTMLElement>('[data-testid=run-finding]')].map(
    ({ dataset }) => ({ id: dataset['conversationId'] ?? '', surplus: dataset['surplus'] ?? '' }),
  );
}

test('calls are counted, and a day’s limit can be set', async () => {
  const { driver } = home;
  await driver.page.goto('popup/index.html#/settings');
  await until('the settings', () => driver.page.evaluate(read.exists, '[data-testid=settings]'));
  const calls = await until('the calls of today', () => driver.page.evaluate(callsToday));
  expect(calls).toBeGreaterThan(4);
  await driver.page.click('[data-testid=setting-budget]');
  await until('the limit', () =>
    driver.page.evaluate(read.exists, '[data-testid=setting-daily-calls]'),
  );
});

function callsToday(): number {
  return Number(document.querySelector<HTMLElement>('[data-testid=calls-today]')?.dataset['calls']);
}
