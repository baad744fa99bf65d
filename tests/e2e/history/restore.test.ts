/** Lockstep is the new installation: it asks, waits, imports and tells. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Peer } from '../../../network/population/peer.ts';
import { dmWith, groupWith, openWorld, type World } from '../../support/world.ts';
import { startDamagingServer } from './damaging-server.ts';
import type { Online } from '../../support/faults/online.ts';
import { allowEverything, expectSameAs, goOnline } from './device.ts';

let world: World;
let friend: Peer;
/** The person's first installation, which has everything. */
let phone: Peer;
let online: Online | null = null;

beforeEach(async () => {
  world = await openWorld();
  friend = await world.newPeer();
  phone = await world.newPeer({ deviceSync: true });
  await groupWith(friend, phone.inboxId, 'Family', ['one', 'two', 'three']);
  await groupWith(friend, phone.inboxId, 'Work', ['four']);
  await dmWith(friend, phone.inboxId, ['five', 'six']);
  await phone.client.conversations().syncAllConversations();
  allowEverything(phone);
  const key = Buffer.from(phone.privateKey).toString('hex');
  await world.driver.createAccount({ privateKey: key });
  await world.driver.setInterval(null);
});

afterEach(async () => {
  await online?.stop();
  online = null;
  await world.close();
});

test('history arrives from an installation that is online, with every step shown', async () => {
  const { driver } = world;
  expect(await driver.conversations()).toEqual([]);
  online = goOnline(phone);
  const request = await driver.requestHistory();
  expect(request).toMatchObject({ state: 'sent', others: 1 });
  const done = await driver.historyState(request.id, 'imported');
  expect(done).toMatchObject({ newMessages: 6, archiveFrom: phone.installationId });
  expect(done.steps).toEqual(['find', 'ask', 'wait', 'receive', 'import'].map((s) => `${s} done`));
  await expectSameAs(driver, phone);
});

test('a request outlives the background, and is answered by who comes online later', async () => {
  const { driver } = world;
  const request = await driver.requestHistory();
  await driver.killBackground();
  online = goOnline(phone);
  const done = await driver.historyState(request.id, 'imported');
  expect(done).toMatchObject({ newMessages: 6, problem: null });
  await expectSameAs(driver, phone);
});

test('a request that was stopped is not answered any more', async () => {
  const { driver } = world;
  const request = await driver.requestHistory();
  await driver.cancelHistory();
  expect(await driver.historyState(request.id, 'cancelled')).toMatchObject({ times: 1 });
  online = goOnline(phone);
  await driver.syncAll();
  expect(await driver.historyState(request.id, 'cancelled')).toMatchObject({ newMessages: null });
});

test('a history server that fails in the upload and in the download only delays', async () => {
  const { driver, network } = world;
  await network.control.addFault({ method: 'upload', times: 1, effect: { kind: 'drop' } });
  await network.control.addFault({
    method: 'files',
    times: 1,
    effect: { kind: 'http', status: 500 },
  });
  await network.control.addFault({
    method: 'files',
    times: 1,
    effect: { kind: 'http', status: 404 },
  });
  online = goOnline(phone);
  const request = await driver.requestHistory();
  expect(await driver.historyState(request.id, 'imported')).toMatchObject({ problem: null });
  expect((await network.control.counters())['files']?.failed).toBe(2);
  await expectSameAs(driver, phone);
});

test('a damaged archive is recognised and asked for again, also on another history server', async () => {
  const { driver } = world;
  const server = await startDamagingServer(1);
  try {
    online = goOnline(phone);
    const request = await driver.requestHistory({ server: server.address });
    const done = await driver.historyState(request.id, 'imported');
    expect(done).toMatchObject({ newMessages: 6, times: 2, problem: null });
    expect(server.uploads()).toBe(2);
    await expectSameAs(driver, phone);
  } finally {
    server.stop();
  }
});
