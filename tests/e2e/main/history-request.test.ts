import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('5: with another installation the request goes to the network and names how many can answer', async () => {
  const { driver, network } = world;
  const elsewhere = await world.newPeer({ deviceSync: true });
  const privateKey = Buffer.from(elsewhere.privateKey).toString('hex');
  const me = await driver.createAccount({ privateKey });
  expect(me.inboxId).toBe(elsewhere.inboxId);
  expect(me.installationId).not.toBe(elsewhere.installationId);

  await network.control.resetCounters();
  const request = await driver.requestHistory();
  expect(request).toMatchObject({ state: 'sent', others: 1 });
  expect((await network.control.counters())['SendGroupMessages']?.calls).toBeGreaterThan(0);
});
