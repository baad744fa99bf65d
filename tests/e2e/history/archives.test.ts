/** Archives that are sent and fetched by hand, with a pin. */
import { BackupElementSelectionOption } from '@xmtp/wasm-bindings';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Peer } from '../../../network/population/peer.ts';
import { groupWith, openWorld, type World } from '../../support/world.ts';
import { until } from '../../support/until.ts';
import { allowEverything, goOnline, textsOf } from './device.ts';

let world: World;
let phone: Peer;

beforeEach(async () => {
  world = await openWorld();
  const friend = await world.newPeer();
  phone = await world.newPeer({ deviceSync: true });
  await groupWith(friend, phone.inboxId, 'Family', ['one', 'two']);
  await phone.client.conversations().syncAllConversations();
  allowEverything(phone);
  const privateKey = Buffer.from(phone.privateKey).toString('hex');
  await world.driver.createAccount({ privateKey });
  await world.driver.setInterval(null);
  // The phone learns of the new installation, and adds it to its sync group.
  const online = goOnline(phone);
  await until('the phone to know Lockstep', async () => {
    await world.driver.syncAll();
    return (await world.driver.requests()).length > 0;
  });
  await online.stop();
});

afterEach(() => world.close());

test('an archive of another installation is listed with what is known of it, and imported by its pin', async () => {
  const { driver, hosts } = world;
  expect(await driver.findArchives()).toEqual([]);
  await phone.client.device_sync().sendSyncArchive(
    {
      elements: [BackupElementSelectionOption.Messages, BackupElementSelectionOption.Consent],
      excludeDisappearingMessages: false,
    },
    hosts.history,
    'summer-2024',
  );
  const [archive] = await driver.findArchives();
  expect(archive).toMatchObject({ pin: 'summer-2024', sender: phone.installationId });
  expect(archive?.text).toContain('Contains messages and consent choices');
  const fetched = await driver.fetchArchive('summer-2024');
  expect(fetched).toMatchObject({
    state: 'done',
    installationId: phone.installationId,
    newMessages: 2,
  });
  const [row] = await driver.conversations();
  const texts = (await driver.messages(row!.id)).filter(({ type }) => type === 'text');
  expect(texts.map(({ text }) => text)).toEqual(['one', 'two']);
  expect(row?.unread).toBe(0);
});

test('an archive that is sent from here is imported there, and a failing server is said', async () => {
  const { driver, network } = world;
  await network.control.addFault({
    method: 'upload',
    times: 1,
    effect: { kind: 'http', status: 500 },
  });
  expect(await driver.sendArchive('first')).toMatchObject({
    state: 'failed',
    error: 'history_server_failed',
  });
  expect(await driver.sendArchive('second')).toMatchObject({ state: 'done' });
  await phone.client.conversations().sync();
  await phone.client.device_sync().syncAllDeviceSyncGroups();
  await phone.client.device_sync().processSyncArchive('second');
  expect([...(await textsOf(phone)).values()]).toEqual([['one', 'two']]);
});
