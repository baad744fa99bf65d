/** Lockstep is the installation that has everything, and others ask it. */
import { BackupElementSelectionOption, type ArchiveOptions } from '@xmtp/wasm-bindings';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Peer } from '../../../network/population/peer.ts';
import { groupWith, openHome, type Home } from '../../support/world.ts';
import { until } from '../../support/until.ts';
import type { Online } from '../../support/faults/online.ts';
import { conversationsOf, goOnline, textsOf } from './device.ts';

let home: Home;
let friend: Peer;
/** The key of the person, who uses Lockstep first. */
const privateKey = new Uint8Array(32).fill(7);
const online: Online[] = [];

const everything: ArchiveOptions = {
  elements: [BackupElementSelectionOption.Messages, BackupElementSelectionOption.Consent],
  excludeDisappearingMessages: false,
};

beforeEach(async () => {
  home = await openHome({ privateKey: Buffer.from(privateKey).toString('hex') });
  friend = await home.newPeer();
  const group = await groupWith(friend, home.me.inboxId, 'Family', ['one', 'two', 'three']);
  await home.driver.syncAll(['allowed', 'unknown']);
  await home.driver.setConsent(group.id(), 'allowed');
  await home.driver.syncConversation(group.id());
});

afterEach(async () => {
  await Promise.all(online.splice(0).map((device) => device.stop()));
  await home.close();
});

/** A new installation of the person that asks for history. */
async function newDevice(): Promise<Peer> {
  const device = await home.newPeer({ privateKey, deviceSync: true });
  await device.client.device_sync().sendSyncRequest(everything, home.hosts.history);
  online.push(goOnline(device));
  return device;
}

async function hasTexts(device: Peer): Promise<boolean> {
  const [texts = []] = [...(await textsOf(device)).values()];
  return texts.join() === 'one,two,three';
}

test('a periodic sync answers the requests of new installations, and notes what went to whom', async () => {
  const { driver } = home;
  const laptop = await newDevice();
  await driver.syncAll();
  await until('the laptop to have it', () => hasTexts(laptop), 60_000);
  expect(conversationsOf(laptop).map((one) => one.isActive())).toEqual([true]);

  const tablet = await newDevice();
  await driver.syncAll();
  await until('the tablet to have it', () => hasTexts(tablet), 60_000);
  const served = await until('both to be noted', async () => {
    const transfers = await driver.transfers();
    return transfers.length >= 2 ? transfers : null;
  });
  expect(served.map(({ kind, installationId }) => [kind, installationId])).toEqual([
    ['served', tablet.installationId],
    ['served', laptop.installationId],
  ]);
});

test('nothing leaves while it is switched off, and what was asked for leaves afterwards', async () => {
  const { driver, network } = home;
  await driver.setServing(false);
  const laptop = await newDevice();
  await driver.syncAll();
  // libxmtp adds the installation to conversations first, and then it would upload.
  await until('the laptop to be added', () => conversationsOf(laptop).length === 1, 60_000);
  await driver.syncAll();
  expect((await network.control.counters())['upload']?.calls ?? 0).toBe(0);
  expect(await driver.transfers()).toEqual([]);

  await driver.setServing(true);
  await driver.syncAll();
  await until('the laptop to have it', () => hasTexts(laptop), 60_000);
});
