import { afterAll, beforeAll, expect, test } from 'vitest';
import * as read from '../../support/pages/reading.ts';
import { until } from '../../support/until.ts';
import { groupWith, openWorld, type Home } from '../../support/world.ts';
import type { Peer } from '../../../network/population/peer.ts';

let home: Home;
let elsewhere: Peer;
const groups: Awaited<ReturnType<typeof groupWith>>[] = [];
const texts = ['one'];
beforeAll(async () => {
  const world = await openWorld();
  elsewhere = await world.newPeer({ deviceSync: true });
  const privateKey = Buffer.from(elsewhere.privateKey).toString('hex');
  const me = await world.driver.createAccount({ privateKey });
  await world.driver.setInterval(null);
  home = { ...world, me };
  const peer = await world.newPeer();
  for (let i = 0; i < 6; i++) groups.push(await groupWith(peer, me.inboxId, `Group ${i}`, texts));
  await world.driver.syncAll();
  for (const group of groups) await world.driver.setConsent(group.id(), 'allowed');
  await everythingIsThere();
});
afterAll(() => home.close());

async function write(text: string): Promise<void> {
  texts.push(text);
  for (const group of groups) await group.sendText(text);
}

async function everythingIsThere(): Promise<void> {
  for (const group of groups) {
    await until(`${texts.join(', ')}, each once`, async () => {
      const shown = (await home.driver.messages(group.id())).map(({ text }) => text);
      return JSON.stringify(shown) === JSON.stringify(texts);
    });
  }
}

for (const step of ['opening', 'syncing', 'storing', 'checking'] as const) {
  test(`a background that is stopped while ${step} loses nothing`, async () => {
    const { driver } = home;
    // The engine has to be opened first, which is the step that takes longest.
    await driver.dropDatabase();
    for (let i = 0; i < 4; i++) await write(`${step} ${i}`);
    const runId = await driver.startSync();
    await driver.page.evaluate(read.untilStep, step);
    await driver.killBackground();
    await driver.page.goto('popup/index.html');
    await until('the sync, or the one that completes it', async () => {
      const runs = await driver.runs();
      const run = runs.find(({ id }) => id === runId);
      const resumed = runs.find(({ completes }) => completes === runId);
      return run?.state === 'complete' || resumed?.state === 'complete';
    });
    await everythingIsThere();
  });
}

test('an engine that is terminated in the middle of a delta is replaced, and nothing is missing', async () => {
  const { driver } = home;
  await driver.dropDatabase();
  await driver.browser.prepareKill();
  for (let i = 0; i < 4; i++) await write(`delta ${i}`);
  const runId = await driver.startSync();
  await driver.page.evaluate(read.untilStep, 'storing');
  await driver.killEngine().catch(() => undefined); // the run may have been quicker
  expect(await driver.ended(runId)).toMatchObject({ state: 'complete' });
  await everythingIsThere();
});

test('a network that is cut in the middle of a sync costs nothing that had been fetched', async () => {
  const { driver, network } = home;
  await write('before the cut');
  await network.control.addFault({
    method: 'QueryGroupMessages',
    containing: groups[0]!.id(),
    effect: { kind: 'latency', milliseconds: 4000 },
  });
  await network.control.resetCounters();
  const runId = await driver.startSync();
  await until('the queries', async () => {
    const { QueryGroupMessages } = await network.control.counters();
    return (QueryGroupMessages?.calls ?? 0) >= groups.length;
  });
  await network.control.stopServing();
  await network.control.clearFaults();
  const cut = await driver.ended(runId);
  expect(['partial', 'failed']).toContain(cut.state);
  await network.control.resumeServing();
  expect(await driver.syncAll()).toMatchObject({ state: 'complete' });
  await everythingIsThere();
});

test('what another installation denies in the middle of a sync is gone after it', async () => {
  const { driver, network } = home;
  const denied = groups[5]!;
  await write('while it is being denied');
  const { ConsentState } = await import('@xmtp/wasm-bindings');
  const there = elsewhere.client.conversations();
  await there.sync();
  await network.control.addFault({
    method: 'QueryGroupMessages',
    containing: denied.id(),
    effect: { kind: 'latency', milliseconds: 2000 },
  });
  const runId = await driver.startSync();
  there.findGroupById(denied.id()).updateConsentState(ConsentState.Denied);
  await elsewhere.client.syncPreferences();
  await driver.ended(runId);
  await network.control.clearFaults();
  await driver.syncPreferences();
  await until('the conversation to be gone', async () =>
    (await driver.conversations()).every(({ id }) => id !== denied.id()),
  );
  expect(await driver.messages(denied.id())).toEqual([]);
  groups.pop();
  await everythingIsThere();
});
