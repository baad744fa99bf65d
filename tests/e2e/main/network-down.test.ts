import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { groupWith, openHome, type Home } from '../../support/world.ts';

let home: Home;
let group: Awaited<ReturnType<typeof groupWith>>;
beforeAll(async () => {
  home = await openHome();
  const peer = await home.newPeer();
  group = await groupWith(peer, home.me.inboxId, 'Weather', ['rain']);
  await home.driver.syncAll();
  await home.driver.setConsent(group.id(), 'allowed');
  await until('its message', async () => (await home.driver.messages(group.id())).length === 1);
});
afterAll(() => home.close());

test('network down: a clear message, the store stays readable, the next run recovers', async () => {
  const { driver, network } = home;
  await group.sendText('sun');
  await network.control.stopServing();
  const failed = await driver.syncAll();
  expect(failed).toMatchObject({ state: 'failed', error: 'network_unreachable' });
  expect((await driver.messages(group.id())).map(({ text }) => text)).toEqual(['rain']);
  await network.control.resumeServing();
  expect(await driver.syncAll()).toMatchObject({ state: 'complete' });
  expect((await driver.messages(group.id())).map(({ text }) => text)).toEqual(['rain', 'sun']);
});

test('2: a conversation whose calls fail makes the run partial, with its name and the reason', async () => {
  const { driver, network } = home;
  await group.sendText('hail');
  await network.control.addFault({
    method: 'QueryGroupMessages',
    containing: group.id(),
    effect: { kind: 'fail', status: 'UNAVAILABLE' },
  });
  const partial = await driver.syncAll();
  expect(partial.state).toBe('partial');
  expect(partial.failures).toEqual([{ code: 'network_refused', conversationId: group.id() }]);
  expect(partial.summary?.['failedCalls']).toBeGreaterThan(0);
  await network.control.clearFaults();
  expect(await driver.syncAll()).toMatchObject({ state: 'complete' });
  expect((await driver.messages(group.id())).map(({ text }) => text)).toContain('hail');
});

test('a rate limit is named as such', async () => {
  const { driver, network } = home;
  await network.control.addFault({
    method: null,
    effect: { kind: 'fail', status: 'RESOURCE_EXHAUSTED', retryAfterMilliseconds: 4000 },
  });
  const limited = await driver.syncAll();
  expect(limited).toMatchObject({ state: 'failed', error: 'network_rate_limited' });
  await network.control.clearFaults();
  expect(await driver.syncAll()).toMatchObject({ state: 'complete' });
});
