import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { dmWith, groupWith, openHome, textsOf, type Home } from '../../support/world.ts';

let home: Home;
beforeAll(async () => {
  home = await openHome();
});
afterAll(() => home.close());

test('10: messages of others arrive, replies go out, and the other real client receives them', async () => {
  const { driver, me } = home;
  const peer = await home.newPeer();
  for (const conversation of [
    await groupWith(peer, me.inboxId, 'Talk', ['hello in a group']),
    await dmWith(peer, me.inboxId, ['hello one to one']),
  ]) {
    const id = conversation.id();
    await driver.syncConversations();
    await driver.setConsent(id, 'allowed');
    await until('the first message', async () => (await driver.messages(id)).length === 1);
    await driver.send(id, 'Thanks, & <b>back</b> to you 👋 שלום');
    expect((await textsOf(conversation)).at(-1)).toBe('Thanks, & <b>back</b> to you 👋 שלום');
    await conversation.sendText('got it');
    await driver.syncAll();
    const [, own, answer] = await driver.messages(id);
    expect(own).toMatchObject({ own: true, text: 'Thanks, & <b>back</b> to you 👋 שלום' });
    expect(answer).toMatchObject({ own: false, text: 'got it' });
  }
});

test('10: a message written without a network waits, goes out later, and arrives once', async () => {
  const { driver, network, me } = home;
  const peer = await home.newPeer();
  const dm = await dmWith(peer, me.inboxId, ['are you there?']);
  await driver.syncConversations();
  await driver.setConsent(dm.id(), 'allowed');
  await until('the message', async () => (await driver.messages(dm.id())).length === 1);

  await network.control.stopServing();
  await driver.page.goto(`popup/index.html#/conversation/${dm.id()}`);
  await until('the composer', () => driver.page.evaluate(hasComposer));
  await driver.page.fill('[data-testid=composer]', 'only once');
  await driver.page.press('[data-testid=composer]', 'Enter');
  await until('it to fail', () => driver.page.evaluate(failedEntries), 60_000);
  await driver.killBackground();
  await network.control.resumeServing();
  await driver.syncAll();
  await until('the peer to receive it', async () => (await textsOf(dm)).includes('only once'));
  await driver.syncAll();
  expect((await textsOf(dm)).filter((text) => text === 'only once')).toHaveLength(1);
  const shown = await driver.messages(dm.id());
  expect(shown.map(({ text }) => text)).toEqual(['are you there?', 'only once']);
});

function hasComposer(): boolean {
  return document.querySelector('[data-testid=composer]') !== null;
}
function failedEntries(): boolean {
  return document.querySelector('[data-testid=outbox-entry][data-outbox-state=failed]') !== null;
}
