import { afterAll, beforeAll, expect, test } from 'vitest';
import * as read from '../../support/pages/reading.ts';
import { until } from '../../support/until.ts';
import { dmWith, groupWith, openHome, type Home } from '../../support/world.ts';

let home: Home;
beforeAll(async () => {
  home = await openHome();
});
afterAll(() => home.close());

test('2, 9: a sync of allowed conversations fetches strangers without their messages', async () => {
  const { driver, network, me } = home;
  const stranger = await home.newPeer();
  const group = await groupWith(stranger, me.inboxId, 'Cheap watches', ['buy now', 'last chance']);
  const dm = await dmWith(stranger, me.inboxId, ['hello dear']);
  await network.control.resetCounters();

  const run = await driver.syncAll();
  expect(run).toMatchObject({ state: 'complete', scope: 'all', consent: 'allowed', failures: [] });
  // libxmtp counts its device-sync group among the eligible ones.
  expect(run.summary).toMatchObject({
    eligible: 1,
    newConversations: 2,
    newMessages: 0,
    consentChanges: 0,
    failedCalls: 0,
  });
  const { QueryGroupMessages, ...others } = await network.control.counters();
  expect(QueryGroupMessages?.calls ?? 0).toBe(0);
  const calls = Object.values(others).reduce((sum, method) => sum + method.calls, 0);
  expect(run.summary?.['calls']).toBe(calls);

  const requests = await driver.requests();
  expect(requests.map(({ id }) => id).sort()).toEqual([group.id(), dm.id()].sort());
  for (const { text } of requests) expect(text).not.toMatch(/buy now|last chance|hello dear/);
  expect(await driver.conversations()).toEqual([]);
  expect(await driver.messages(group.id())).toEqual([]);
  expect(await driver.messages(dm.id())).toEqual([]);
});

test('9: libxmtp’s own database holds no word of strangers, and every word of friends', async () => {
  const { driver, me } = home;
  const friend = await groupWith(await home.newPeer(), me.inboxId, 'Friends', ['dear friend']);
  await groupWith(await home.newPeer(), me.inboxId, 'Prizes', ['claim your prize']);
  const denied = await groupWith(await home.newPeer(), me.inboxId, 'Denied', ['answer me']);
  await driver.syncConversations();
  await driver.setConsent(denied.id(), 'denied');
  await driver.setConsent(friend.id(), 'allowed');
  await until('the friend', async () => (await driver.messages(friend.id())).length === 1);
  await driver.syncAll();
  // Files that libxmtp has open cannot be read.
  await driver.dropDatabase();
  const words = ['dear friend', 'claim your prize', 'answer me', 'buy now', 'hello dear'];
  expect(await driver.page.evaluate(read.wordsInDatabase, words)).toEqual(['dear friend']);
});

test('2: the summary counts what changed, and what libxmtp reports', async () => {
  const { driver, me } = home;
  const friend = await home.newPeer();
  const groups = [];
  for (const name of ['One', 'Two', 'Three']) {
    groups.push(await groupWith(friend, me.inboxId, name, [`first of ${name}`]));
  }
  await driver.syncAll();
  for (const group of groups) await driver.setConsent(group.id(), 'allowed');
  await until('their messages', async () => {
    const shown = await driver.conversations();
    const fresh = shown.filter(({ preview }) => preview.startsWith('first of'));
    return fresh.length === 3;
  });
  await groups[0]?.sendText('second');
  await groups[1]?.sendText('second');
  await groups[1]?.updateGroupName('Two renamed');
  const { summary, state } = await driver.syncAll();
  expect(state).toBe('complete');
  expect(summary).toMatchObject({
    eligible: 5,
    synced: 2,
    newConversations: 0,
    // Two texts and the renaming.
    newMessages: 3,
    updatedConversations: 1,
    repaired: 0,
  });
  expect(summary?.['took']).toBeGreaterThan(0);
  const titles = (await driver.conversations()).map(({ title }) => title);
  expect(titles.sort()).toEqual(['Friends', 'One', 'Three', 'Two renamed']);
});

test('2: the summary says what libxmtp counts as eligible, and it adds up', async () => {
  const { driver, me } = home;
  // A friend with two devices, each of which starts the conversation before it hears of the other's.
  const phone = await home.newPeer();
  const laptop = await home.newPeer({ privateKey: phone.privateKey });
  const dms = [
    await dmWith(phone, me.inboxId, ['from my phone']),
    await dmWith(laptop, me.inboxId, ['from my laptop']),
  ];
  await driver.syncAll();
  const ids = dms.map((dm) => dm.id());
  const shown = (await driver.requests()).filter(({ id }) => ids.includes(id));
  expect(shown).toHaveLength(1);

  const states = ['allowed', 'unknown'] as const;
  const first = await driver.syncAll(states);
  const inLists = [...(await driver.conversations()), ...(await driver.requests())];
  expect(first.eligibleParts).toEqual({
    conversations: inLists.length,
    deviceSync: 1,
    duplicates: 1,
    unidentified: 0,
  });
  expect(first.summary?.['eligible']).toBe(inLists.length + 2);
  // A sync with nothing new reads no list, and knows it all the same.
  const second = await driver.syncAll(states);
  expect(second.summary).toMatchObject({ synced: 0, eligible: first.summary?.['eligible'] });
  expect(second.eligibleParts).toEqual(first.eligibleParts);
});

test('2: any set of consent states can be chosen for one run', async () => {
  const { driver, me } = home;
  const stranger = await home.newPeer();
  const unknown = await groupWith(stranger, me.inboxId, 'Unknown', ['from nobody']);
  const denied = await groupWith(stranger, me.inboxId, 'Denied', ['from nobody either']);
  await driver.syncAll();
  await driver.setConsent(denied.id(), 'denied');

  const run = await driver.syncAll(['unknown']);
  expect(run).toMatchObject({ state: 'complete', consent: 'unknown' });
  expect((await driver.messages(unknown.id())).map(({ text }) => text)).toEqual(['from nobody']);
  expect(await driver.messages(denied.id())).toEqual([]);

  const all = await driver.syncAll(['allowed', 'unknown', 'denied']);
  expect(all).toMatchObject({ state: 'complete', consent: 'allowed,unknown,denied' });
  expect((await driver.messages(denied.id())).map(({ text }) => text)).toEqual([
    'from nobody either',
  ]);
});

test('9: denying a conversation takes its messages away at once', async () => {
  const { driver, me } = home;
  const peer = await home.newPeer();
  const group = await groupWith(peer, me.inboxId, 'Nice for a while', ['hi']);
  await driver.syncAll();
  await driver.setConsent(group.id(), 'allowed');
  await until('its message', async () => (await driver.messages(group.id())).length === 1);
  await driver.setConsent(group.id(), 'denied');
  expect(await driver.messages(group.id())).toEqual([]);
  await group.sendText('anybody there?');
  const run = await driver.syncAll();
  expect(run.summary).toMatchObject({ newMessages: 0, repaired: 0 });
  expect(await driver.messages(group.id())).toEqual([]);
});
