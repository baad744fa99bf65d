/** More than two installations of one inbox: who asks, who answers, who comes in between. */
import { BackupElementSelectionOption } from '@xmtp/wasm-bindings';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Peer } from '../../../network/population/peer.ts';
import { groupWith, openWorld, type World } from '../../support/world.ts';
import { until } from '../../support/until.ts';
import type { Online } from '../../support/faults/online.ts';
import { allowEverything, expectSameAs, goOnline, textsOf } from './device.ts';

let world: World;
/** The person's first installation, which has everything. */
let phone: Peer;
const online: Online[] = [];

beforeEach(async () => {
  world = await openWorld();
  const friend = await world.newPeer();
  phone = await world.newPeer({ deviceSync: true });
  await groupWith(friend, phone.inboxId, 'Family', ['one', 'two', 'three']);
  await phone.client.conversations().syncAllConversations();
  allowEverything(phone);
});

afterEach(async () => {
  await Promise.all(online.splice(0).map((device) => device.stop()));
  await world.close();
});

async function setUpLockstep(): Promise<void> {
  await world.driver.createAccount({ privateKey: Buffer.from(phone.privateKey).toString('hex') });
  await world.driver.setInterval(null);
}

/** Another installation of the person. */
const newDevice = () => world.newPeer({ deviceSync: true, privateKey: phone.privateKey });

/** Gives one installation what another one has: a new one has nothing to answer with. */
async function bringOver(from: Peer, to: Peer): Promise<void> {
  const key = crypto.getRandomValues(new Uint8Array(32));
  const elements = [
    BackupElementSelectionOption.Messages,
    BackupElementSelectionOption.Consent,
  ] as const;
  const options = { elements: [...elements], excludeDisappearingMessages: false };
  const archive = await from.client.device_sync().createArchive(options, key);
  await to.client.device_sync().importArchive(archive, key);
  expect(await textsOf(to)).toEqual(await textsOf(from));
}

test('of two others that are online, either may answer, and what comes twice is stored once', async () => {
  const laptop = await newDevice();
  await bringOver(phone, laptop);
  online.push(goOnline(phone), goOnline(laptop));
  await setUpLockstep();
  const request = await world.driver.requestHistory();
  expect(request.others).toBe(2);
  const done = await world.driver.historyState(request.id, 'imported');
  expect([phone.installationId, laptop.installationId]).toContain(done.archiveFrom);
  await expectSameAs(world.driver, phone);
});

test('who answers without any history does not end the request', async () => {
  const { driver } = world;
  const tablet = await newDevice();
  online.push(goOnline(tablet));
  await setUpLockstep();
  const request = await driver.requestHistory();
  expect(request.others).toBe(2);
  const waiting = await until(
    'the empty archive',
    async () => {
      const shown = await driver.historyState(request.id, 'sent');
      return shown.emptyArchives > 0 ? shown : null;
    },
    60_000,
  );
  expect(waiting).toMatchObject({ state: 'sent', archiveFrom: null, problem: null });
  await Promise.all(online.splice(0).map((device) => device.stop()));
  online.push(goOnline(phone));
  await driver.retryHistory();
  const done = await driver.historyState(request.id, 'imported');
  expect(done).toMatchObject({ newMessages: 3, archiveFrom: phone.installationId });
  await expectSameAs(driver, phone);
});

test('an answer is taken although a third installation registered after the question', async () => {
  const { driver } = world;
  await setUpLockstep();
  const request = await driver.requestHistory();
  expect(request).toMatchObject({ state: 'sent', others: 1 });
  // libxmtp itself drops an answer that comes in a sync group which is newer than its request.
  const tablet = await newDevice();
  await tablet.client.device_sync().syncAllDeviceSyncGroups();
  await driver.syncAll();
  online.push(goOnline(phone));
  const done = await driver.historyState(request.id, 'imported');
  expect(done).toMatchObject({ newMessages: 3, archiveFrom: phone.installationId });
  await expectSameAs(driver, phone);
});

test('a network that is cut in the middle of the download only delays it', async () => {
  const { driver, network } = world;
  await setUpLockstep();
  await network.control.addFault({
    method: 'files',
    effect: { kind: 'bandwidth', bytesPerSecond: 200 },
  });
  online.push(goOnline(phone));
  const request = await driver.requestHistory();
  await until('the download to begin', async () => {
    return ((await network.control.counters())['files']?.calls ?? 0) > 0;
  });
  await network.control.stopServing();
  await network.control.clearFaults();
  await network.control.resumeServing();
  const done = await driver.historyState(request.id, 'imported');
  expect(done).toMatchObject({ newMessages: 3, problem: null });
  await expectSameAs(driver, phone);
});
