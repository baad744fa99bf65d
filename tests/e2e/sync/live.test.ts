import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { groupWith, openWorld, textsOf, type Home } from '../../support/world.ts';
import type { Peer } from '../../../network/population/peer.ts';

let home: Home;
let elsewhere: Peer;
let peer: Peer;
beforeAll(async () => {
  const world = await openWorld();
  elsewhere = await world.newPeer({ deviceSync: true });
  const privateKey = Buffer.from(elsewhere.privateKey).toString('hex');
  const me = await world.driver.createAccount({ privateKey });
  await world.driver.setInterval(null);
  home = { ...world, me };
  peer = await world.newPeer();
  await home.driver.setMode('live');
});
beforeEach(isLive);
afterAll(() => home.close());

async function isLive(): Promise<void> {
  await until('live mode', async () => (await home.driver.live()) === 'on');
}

/** A group that is allowed here, with its first message stored. */
async function allowedGroup(name: string) {
  const group = await groupWith(peer, home.me.inboxId, name, ['one']);
  await until('the request', async () =>
    (await home.driver.requests()).some(({ id }) => id === group.id()),
  );
  await home.driver.setConsent(group.id(), 'allowed');
  await shows(group, ['one']);
  await isLive();
  return group;
}

async function shows(group: Awaited<ReturnType<typeof groupWith>>, texts: readonly string[]) {
  await until(`${texts.join(', ')} in ${group.id()}`, async () => {
    const shown = (await home.driver.messages(group.id())).map(({ text }) => text);
    return JSON.stringify(shown) === JSON.stringify(texts);
  });
}

test('what others write is there without a sync, and so are new requests and renamings', async () => {
  const { driver, network } = home;
  const group = await allowedGroup('Live');
  // A sync follows each opening of the streams.
  const runs = await until('the syncs to be over', async () => {
    const all = await driver.runs();
    const isOver = all.every(({ state }) => state !== 'queued' && state !== 'running');
    return isOver && all.length;
  });
  await network.control.resetCounters();
  await group.sendText('two');
  await shows(group, ['one', 'two']);
  await group.updateGroupName('Livelier');
  await until('the new name', async () =>
    (await driver.conversations()).some(({ title }) => title === 'Livelier'),
  );
  const asks = (await network.control.counters())['GetNewestGroupMessage']?.calls ?? 0;
  expect(asks, 'calls of a sync of everything').toBe(0);
  expect(await driver.runs()).toHaveLength(runs);
});

test('what another installation allows or denies takes effect at once', async () => {
  const { driver } = home;
  const group = await groupWith(peer, home.me.inboxId, 'Decided elsewhere', ['hello']);
  await until('the request', async () =>
    (await driver.requests()).some(({ id }) => id === group.id()),
  );
  const { ConsentState } = await import('@xmtp/wasm-bindings');
  const there = elsewhere.client.conversations();
  await there.sync();
  there.findGroupById(group.id()).updateConsentState(ConsentState.Allowed);
  await elsewhere.client.syncPreferences();
  await shows(group, ['hello']);
  there.findGroupById(group.id()).updateConsentState(ConsentState.Denied);
  await elsewhere.client.syncPreferences();
  await shows(group, []);
});

test('streams that are cut are opened again, and what came meanwhile is not missing', async () => {
  const { driver, network } = home;
  const group = await allowedGroup('Gap');
  await network.control.stopServing();
  await until('the loss to be noticed', async () => (await driver.live()) !== 'on');
  await network.control.resumeServing();
  await group.sendText('in the gap');
  await shows(group, ['one', 'in the gap']);
  await isLive();
  await group.sendText('after it');
  await shows(group, ['one', 'in the gap', 'after it']);
  expect((await textsOf(group)).length).toBe(3);
});

test('a database that is dropped by hand stays dropped, until a sync reconnects and is live again', async () => {
  const { driver } = home;
  const group = await allowedGroup('Dropped');
  await driver.dropDatabase();
  await group.sendText('while dropped');
  expect(await driver.connection()).toBe('released');
  expect(await driver.syncAll()).toMatchObject({ state: 'complete' });
  await isLive();
  await group.sendText('live again');
  await shows(group, ['one', 'while dropped', 'live again']);
});

test('a background that was stopped is live again when it wakes', async () => {
  const { driver } = home;
  const group = await allowedGroup('Woken');
  await driver.killBackground();
  await group.sendText('while stopped');
  await driver.page.goto('popup/index.html');
  await isLive();
  await shows(group, ['one', 'while stopped']);
});

test('periodic mode ends the streams, and the engine rests', async () => {
  const { driver, network } = home;
  await driver.setMode('periodic');
  await until('the end of live mode', async () => (await driver.live()) === 'off');
  await until('no open stream', async () => (await network.control.status()).openStreams === 0);
  await driver.setMode('live');
});
