import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { groupWith, openHome, type Home } from '../../support/world.ts';

let home: Home;
beforeAll(async () => {
  home = await openHome();
});
afterAll(() => home.close());

test('6: further requests join the run that waits or has just begun, and runs never overlap', async () => {
  const { driver, network } = home;
  await network.control.addFault({
    method: 'QueryWelcomeMessages',
    times: 1,
    effect: { kind: 'latency', milliseconds: 2000 },
  });
  const first = await driver.startSync();
  const second = await driver.startSync();
  const third = await driver.startSync();
  expect(second).toBe(first);
  expect(third).toBe(first);
  const run = await driver.ended(first);
  expect(run).toMatchObject({ state: 'complete', joined: 2 });
});

test('6: a request that the running sync does not cover waits for its turn', async () => {
  const { driver, network } = home;
  await network.control.addFault({
    method: 'QueryWelcomeMessages',
    times: 1,
    effect: { kind: 'latency', milliseconds: 2000 },
  });
  const narrow = await driver.startSync(['allowed']);
  const wide = await driver.startSync(['allowed', 'unknown']);
  expect(wide).not.toBe(narrow);
  const [states] = await Promise.all([driver.runs()]);
  expect(states.find(({ id }) => id === wide)?.state).toBe('queued');
  expect(await driver.ended(narrow)).toMatchObject({ state: 'complete' });
  expect(await driver.ended(wide)).toMatchObject({ state: 'complete' });
});

test('6: an alarm syncs by itself, also after the background was stopped', async () => {
  const { driver, me } = home;
  const peer = await home.newPeer();
  await driver.setInterval(30);
  await driver.killBackground();
  const group = await groupWith(peer, me.inboxId, 'By itself', ['hello']);
  await until(
    'the alarm to find the new conversation',
    async () => (await driver.requests()).some(({ id }) => id === group.id()),
    75_000,
  );
  const run = (await driver.runs()).find(({ trigger }) => trigger === 'alarm');
  expect(run).toMatchObject({ state: 'complete', scope: 'all', consent: 'allowed' });
  await driver.setInterval(null);
});
