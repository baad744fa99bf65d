/** Syncs by themselves that need no engine, because the network answers as it did when nothing was new. */
import { ConsentState } from '@xmtp/wasm-bindings';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Peer } from '../../../network/population/peer.ts';
import * as read from '../../support/pages/reading.ts';
import { until } from '../../support/until.ts';
import { groupWith, openWorld, type Home } from '../../support/world.ts';

let home: Home;
let elsewhere: Peer;
let group: Awaited<ReturnType<typeof groupWith>>;
beforeAll(async () => {
  const world = await openWorld();
  elsewhere = await world.newPeer({ deviceSync: true });
  const privateKey = Buffer.from(elsewhere.privateKey).toString('hex');
  home = { ...world, me: await world.driver.createAccount({ privateKey }) };
  const peer = await home.newPeer();
  group = await groupWith(peer, home.me.inboxId, 'Quiet', ['one', 'two']);
  await home.driver.syncAll();
  await home.driver.setConsent(group.id(), 'allowed');
  await until('its messages', async () => (await home.driver.messages(group.id())).length === 2);
  await home.driver.setInterval(3600);
});
afterAll(() => home.close());

/** As the browser's alarm does when an interval is over. Answers the run that comes of it, and how. */
async function ring() {
  const { driver } = home;
  const before = new Set((await driver.runs()).map(({ id }) => id));
  await driver.page.evaluate(rings);
  const { id } = await until('a run by itself', async () =>
    (await driver.runs()).find((run) => !before.has(run.id) && run.trigger === 'alarm'),
  );
  const run = await driver.ended(id);
  return { ...run, unopened: await driver.page.evaluate(isUnopened, id) };
}

/** Leaves the database closed after a sync that found nothing. */
async function closeQuietly() {
  const { driver } = home;
  const run = await until('a sync with nothing new', async () => {
    const { summary } = await driver.syncAll();
    return summary?.['synced'] === 0 && summary;
  });
  await driver.dropDatabase();
  return run;
}

const engineRuns = () => home.driver.page.evaluate(engineIsAlive);

test('nothing new costs two calls and no engine, and proves that the store is complete', async () => {
  const { driver, network } = home;
  // Nobody vouches for a database that libxmtp wrote to since: at times what it writes when it starts.
  const last = await until('a closed database that is vouched for', async () => {
    const summary = await closeQuietly();
    return (await ring()).unopened && summary;
  });
  expect(await engineRuns()).toBe(false);
  const before = await until('an earlier proof', () => driver.completeAt());
  await network.control.resetCounters();
  const run = await ring();
  expect(run).toMatchObject({ state: 'complete', unopened: true, failures: [] });
  expect(run.summary).toMatchObject({
    ...{ eligible: last['eligible'], synced: 0, newMessages: 0, calls: 2, failedCalls: 0 },
  });
  // The one group that was allowed; the rest is between the person's own devices.
  const deviceSync = Number(last['eligible']) - 1;
  expect(run.eligibleParts).toEqual({
    ...{ conversations: 1, deviceSync, duplicates: 0, unidentified: 0 },
  });
  expect(await driver.connection()).toBe('released');
  expect(await engineRuns()).toBe(false);
  const counted = await network.control.counters();
  expect(Object.values(counted).reduce((sum, { calls }) => sum + calls, 0)).toBe(2);
  await until('a later proof', async () => ((await driver.completeAt()) ?? 0) > before);
});

test('it goes on so in later lives of the background, and a sync by hand opens the database', async () => {
  const { driver } = home;
  await driver.killBackground();
  expect(await ring()).toMatchObject({ state: 'complete', unopened: true });
  expect(await driver.syncAll()).toMatchObject({ state: 'complete' });
  expect(await driver.connection()).toBe('open');
});

test('a database that rests by itself is vouched for as well', async () => {
  const { driver } = home;
  await driver.page.goto('popup/index.html#/settings');
  await until('the setting', () =>
    driver.page.evaluate(read.exists, '[data-testid=setting-idle-close]'),
  );
  await driver.page.fill('[data-testid=setting-idle-close]', '1');
  await driver.page.press('[data-testid=setting-idle-close]', 'Tab');
  await until('a resting database that is vouched for', async () => {
    await driver.syncAll();
    await until('it to rest', async () => (await driver.connection()) === 'resting');
    return (await ring()).unopened;
  });
  expect(await driver.connection()).toBe('resting');
});

test('a message, a new conversation or a choice elsewhere is found all the same', async () => {
  const { driver } = home;
  await closeQuietly();
  await group.sendText('three');
  expect(await ring()).toMatchObject({ unopened: false, summary: { newMessages: 1 } });
  expect((await driver.messages(group.id())).map(({ text }) => text)).toContain('three');

  await closeQuietly();
  const stranger = await home.newPeer();
  const asking = await groupWith(stranger, home.me.inboxId, 'From nobody', ['hello']);
  expect(await ring()).toMatchObject({ unopened: false, summary: { newConversations: 1 } });
  expect((await driver.requests()).map(({ id }) => id)).toContain(asking.id());

  const there = elsewhere.client.conversations();
  await there.sync();
  await closeQuietly();
  there.findGroupById(group.id()).updateConsentState(ConsentState.Denied);
  await elsewhere.client.syncPreferences();
  expect(await ring()).toMatchObject({ unopened: false });
  await until('the conversation to be gone', async () =>
    (await driver.conversations()).every(({ id }) => id !== group.id()),
  );
  await driver.setConsent(group.id(), 'allowed');
});

test('a network that fails is told as ever, and afterwards nothing is missing', async () => {
  const { driver, network } = home;
  await closeQuietly();
  await network.control.stopServing();
  expect(await ring()).toMatchObject({ state: 'failed', error: 'network_unreachable' });
  await network.control.resumeServing();
  await group.sendText('four');
  // By hand: by itself it waits, after a failure.
  expect(await driver.syncAll()).toMatchObject({ state: 'complete', summary: { newMessages: 1 } });
});

test('what was done with the database since is a reason to open it', async () => {
  const { driver } = home;
  await closeQuietly();
  await driver.send(group.id(), 'five');
  await driver.dropDatabase();
  expect(await ring()).toMatchObject({ state: 'complete', unopened: false });
});

function rings(): void {
  void chrome.alarms.create('lockstep-sync', { when: Date.now() });
}

async function engineIsAlive(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === 'lockstep-engine-alive');
}

function isUnopened(runId: string): boolean {
  return document.querySelector(`[data-run-id="${runId}"] [data-testid=run-unopened]`) !== null;
}
