/** Lockstep asks and Lockstep answers: two profiles of the browser, no other client of the person. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { launch, type Driver } from '../../support/driver/driver.ts';
import { browserName, groupWith, openHome, type Home } from '../../support/world.ts';
import { until } from '../../support/until.ts';

const privateKey = Buffer.alloc(32, 9).toString('hex');

let home: Home;
let second: Driver;

beforeEach(async () => {
  home = await openHome({ privateKey });
  const friend = await home.newPeer();
  for (const name of ['Family', 'Work']) {
    const group = await groupWith(friend, home.me.inboxId, name, ['one', 'two']);
    await home.driver.syncConversations();
    await home.driver.setConsent(group.id(), 'allowed');
    await home.driver.syncConversation(group.id());
  }
  second = await launch(browserName, { hosts: home.hosts });
});

afterEach(async () => {
  await second.close();
  await home.close();
});

async function textsOf(driver: Driver): Promise<ReadonlyMap<string, readonly string[]>> {
  const texts = new Map<string, readonly string[]>();
  for (const { id } of await driver.conversations()) {
    const messages = await driver.messages(id);
    texts.set(
      id,
      messages.flatMap(({ type, text }) => (type === 'text' ? [text] : [])),
    );
  }
  return texts;
}

test('the second one has what the first one has, although the network is cut in the upload', async () => {
  const { control } = home.network;
  await second.createAccount({ privateKey });
  await second.setInterval(null);
  const request = await second.requestHistory();
  expect(request).toMatchObject({ state: 'sent', others: 1 });

  await control.addFault({ method: 'upload', effect: { kind: 'bandwidth', bytesPerSecond: 200 } });
  await home.driver.startSync();
  await until('the upload to begin', async () => {
    return ((await control.counters())['upload']?.calls ?? 0) > 0;
  });
  await control.stopServing();
  await control.clearFaults();
  await control.resumeServing();
  await home.driver.syncAll();

  const done = await second.historyState(request.id, 'imported');
  expect(done).toMatchObject({ newMessages: 4, archiveFrom: home.me.installationId });
  const first = await textsOf(home.driver);
  expect(first.size).toBe(2);
  expect(await textsOf(second)).toEqual(first);
  // Noted when nothing is under way any more.
  const served = await until('the note', async () => (await home.driver.transfers())[0]);
  expect(served).toMatchObject({ kind: 'served', state: 'done' });
});
