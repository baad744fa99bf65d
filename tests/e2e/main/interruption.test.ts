import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { groupWith, openHome, type Home } from '../../support/world.ts';

let home: Home;
const groups: Awaited<ReturnType<typeof groupWith>>[] = [];
beforeAll(async () => {
  home = await openHome();
  const { driver, me } = home;
  const peer = await home.newPeer();
  for (let i = 0; i < 6; i++) groups.push(await groupWith(peer, me.inboxId, `Group ${i}`, ['one']));
  await driver.syncAll();
  for (const group of groups) await driver.setConsent(group.id(), 'allowed');
  await until('their messages', async () => {
    const shown = await driver.conversations();
    return shown.length === groups.length && shown.every(({ preview }) => preview === 'one');
  });
});
afterAll(() => home.close());

/** Starts a sync of something new in every group, and waits until it is in the middle. */
async function startLongSync(text: string): Promise<string> {
  const { driver, network } = home;
  for (const group of groups) await group.sendText(text);
  await network.control.addFault({
    method: 'QueryGroupMessages',
    effect: { kind: 'latency', milliseconds: 700 },
  });
  await network.control.resetCounters();
  const runId = await driver.startSync();
  await until('a message query', async () => {
    const { QueryGroupMessages } = await network.control.counters();
    return (QueryGroupMessages?.calls ?? 0) > 0;
  });
  return runId;
}

async function expectEverything(texts: readonly string[]): Promise<void> {
  for (const group of groups) {
    const shown = await home.driver.messages(group.id());
    expect(shown.map(({ text }) => text)).toEqual(texts);
  }
}

test('a background that is stopped in the middle of a sync loses nothing: the next run completes it', async () => {
  const { driver, network } = home;
  const runId = await startLongSync('two');
  await driver.killBackground();
  await network.control.clearFaults();
  await driver.page.goto('popup/index.html');
  const resumed = await until('a run that completes it', async () =>
    (await driver.runs()).find(({ completes }) => completes === runId),
  );
  expect(await driver.ended(resumed.id)).toMatchObject({ state: 'complete', trigger: 'resume' });
  const interrupted = (await driver.runs()).find(({ id }) => id === runId);
  expect(interrupted).toMatchObject({ state: 'interrupted', completedBy: resumed.id });
  await expectEverything(['one', 'two']);
});

test('an engine that is killed in the middle of a sync is replaced, and the sync ends complete', async () => {
  const { driver, network } = home;
  // In Firefox the workers of a restarted background page are not known to the test.
  await driver.dropDatabase();
  await driver.browser.prepareKill();
  const runId = await startLongSync('three');
  await driver.killEngine();
  await network.control.clearFaults();
  expect(await driver.ended(runId)).toMatchObject({ state: 'complete' });
  await expectEverything(['one', 'two', 'three']);
});
