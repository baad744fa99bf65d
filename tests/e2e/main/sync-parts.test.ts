import { afterAll, beforeAll, expect, test } from 'vitest';
import { history } from '../../support/pages/reading-history.ts';
import { until } from '../../support/until.ts';
import { groupWith, openHome, type Home } from '../../support/world.ts';

let home: Home;
beforeAll(async () => {
  home = await openHome();
});
afterAll(() => home.close());

async function allowedGroup(name: string, texts: readonly string[]) {
  const peer = await home.newPeer();
  const group = await groupWith(peer, home.me.inboxId, name, texts);
  await home.driver.syncConversations();
  await home.driver.setConsent(group.id(), 'allowed');
  await until(
    'its messages',
    async () => (await home.driver.messages(group.id())).length === texts.length,
  );
  return { peer, group };
}

test('3: syncing one conversation brings its messages and group updates, and no other’s', async () => {
  const { driver } = home;
  const here = await allowedGroup('Here', ['one']);
  const there = await allowedGroup('There', ['one']);
  const third = await home.newPeer();
  await here.group.sendText('two');
  await here.group.updateGroupName('Here we are');
  await here.group.updateGroupDescription('About places');
  await here.group.addMembers([third.inboxId]);
  await there.group.sendText('two');

  const run = await driver.syncConversation(here.group.id());
  expect(run).toMatchObject({ state: 'complete', scope: 'conversation' });
  expect(run.summary).toMatchObject({
    eligible: null,
    synced: null,
    updatedConversations: 1,
    newConversations: 0,
    // A text and three changes of the group.
    newMessages: 4,
  });
  const shown = await driver.conversations();
  expect(shown.find(({ id }) => id === here.group.id())?.title).toBe('Here we are');
  expect((await driver.messages(here.group.id())).map(({ text }) => text)).toEqual(['one', 'two']);
  expect((await driver.messages(there.group.id())).map(({ text }) => text)).toEqual(['one']);

  await driver.page.goto(`popup/index.html#/conversation/${here.group.id()}`);
  await until('the members', () => driver.page.evaluate(memberCount).then((count) => count === 3));
  expect(await driver.page.evaluate(descriptionShown)).toBe('About places');
});

function memberCount(): number {
  return document.querySelectorAll('[data-testid=member]').length;
}
function descriptionShown(): string {
  return document.querySelector('[data-testid=conversation-description]')?.textContent ?? '';
}

test('4: syncing new conversations finds them and fetches no messages', async () => {
  const { driver, network, me } = home;
  const { group } = await allowedGroup('Known', ['one']);
  await group.sendText('two');
  const peer = await home.newPeer();
  const fresh = await groupWith(peer, me.inboxId, 'Fresh', ['hello']);
  await network.control.resetCounters();

  const run = await driver.syncConversations();
  expect(run).toMatchObject({ state: 'complete', scope: 'conversations' });
  expect(run.summary).toMatchObject({ newConversations: 1, newMessages: 0, eligible: null });
  expect((await network.control.counters())['QueryGroupMessages']?.calls ?? 0).toBe(0);
  expect((await driver.requests()).map(({ id }) => id)).toContain(fresh.id());
  expect((await driver.messages(group.id())).map(({ text }) => text)).toEqual(['one']);
});

test('4: syncing preferences only reports the device-sync group, and nothing else', async () => {
  const { driver } = home;
  const { group } = await allowedGroup('Quiet', ['one']);
  await group.sendText('two');
  const run = await driver.syncPreferences();
  expect(run).toMatchObject({ state: 'complete', scope: 'preferences' });
  expect(run.summary).toMatchObject({ eligible: 1, newMessages: 0, newConversations: 0 });
  expect((await driver.messages(group.id())).map(({ text }) => text)).toEqual(['one']);
});

test('5: a request for history is sent, recorded and shown with what is known', async () => {
  const { driver } = home;
  const alone = await driver.requestHistory();
  expect(alone).toMatchObject({ state: 'nobody', others: 0 });
  await driver.killBackground();
  const { requests } = await driver.page.evaluate(history);
  expect(requests.map(({ id }) => id)).toContain(alone.id);
});
