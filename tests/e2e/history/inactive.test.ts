/** Conversations that came with history: read only until this installation is added to them. */
import { ConsentState } from '@xmtp/wasm-bindings';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Peer } from '../../../network/population/peer.ts';
import { dmWith, groupWith, openWorld, textsOf, type World } from '../../support/world.ts';
import { until } from '../../support/until.ts';
import type { Online } from '../../support/faults/online.ts';
import { allowEverything, conversationsOf, goOnline } from './device.ts';
import { watch } from './watching.ts';

type Conversation = Awaited<ReturnType<typeof groupWith>>;

const day = 86_400_000;

let world: World;
let friend: Peer;
let phone: Peer;
let online: Online | null = null;
/** Both as the friend sees them. */
let family: Conversation;
let dm: Conversation;

beforeEach(async () => {
  world = await openWorld();
  const { control } = world.network;
  // An installation adds new ones by itself, but only to conversations of the last 90 days.
  await control.setTime(Date.now() - 100 * day);
  friend = await world.newPeer();
  phone = await world.newPeer({ deviceSync: true });
  family = await groupWith(friend, phone.inboxId, 'Family', ['one', 'two']);
  dm = await dmWith(friend, phone.inboxId, ['three', 'four']);
  await phone.client.conversations().syncAllConversations();
  allowEverything(phone);
  await control.setTime(null);
});

afterEach(async () => {
  await online?.stop();
  online = null;
  await world.close();
});

/** Lockstep has the phone's history, and the phone is gone. */
async function importHistory(): Promise<void> {
  const { driver } = world;
  await driver.createAccount({ privateKey: Buffer.from(phone.privateKey).toString('hex') });
  await driver.setInterval(null);
  online = goOnline(phone);
  const { id } = await driver.requestHistory();
  expect(await driver.historyState(id, 'imported')).toMatchObject({ newMessages: 4 });
  await online.stop();
}

const readOnly = { active: false, hasComposer: false, isSamePage: true };
const writable = { active: true, hasComposer: true, canRestart: false, isSamePage: true };

/** Somebody writes, which is when their client looks for new installations: at most every 5 s. */
function writesUntil(conversation: Conversation, what: string, isSo: () => Promise<boolean>) {
  let count = 0;
  return until(what, async () => {
    await conversation.sendText(`news ${++count}`);
    return isSo();
  });
}

async function textsHere(id: string): Promise<readonly string[]> {
  const messages = await world.driver.messages(id);
  return messages.flatMap(({ type, text }) => (type === 'text' ? [text] : []));
}

test('they become active by themselves when somebody writes: after a sync, and live', async () => {
  const { driver } = world;
  await importHistory();
  expect((await driver.conversations()).map(({ active }) => active)).toEqual([false, false]);
  expect(await driver.page.evaluate(marksOf, family.id())).toBe('Read-only');
  const watched = { family: await watch(driver, family.id()), dm: await watch(driver, dm.id()) };
  expect(await watched.family.shown()).toMatchObject({ ...readOnly, canRestart: false });
  expect(await watched.dm.shown()).toMatchObject({ ...readOnly, canRestart: true });
  // Asking for it before anybody has written changes nothing, and is no failure.
  expect(await driver.syncConversation(family.id())).toMatchObject({ state: 'complete' });
  expect(await watched.family.shown()).toMatchObject(readOnly);

  await writesUntil(family, 'the group to be active', async () => {
    expect(await driver.syncAll()).toMatchObject({ state: 'complete' });
    return (await watched.family.shown()).active;
  });
  expect(await watched.family.shown()).toMatchObject(writable);
  await until('the list to say so', async () => (await driver.conversations())[0]?.active);
  expect(await driver.page.evaluate(marksOf, family.id())).toBe('');
  await driver.send(family.id(), 'from here');
  expect(await textsOf(family)).toContain('from here');

  await driver.setMode('live');
  await until('live mode', async () => (await driver.live()) === 'on');
  await writesUntil(dm, 'the one-to-one conversation to be active', async () => {
    return (await watched.dm.shown()).active;
  });
  expect(await watched.dm.shown()).toMatchObject(writable);
  expect((await textsHere(dm.id())).slice(0, 2)).toEqual(['three', 'four']);
});

test('a one-to-one conversation is started again, once, and stays one for both', async () => {
  const { driver, network } = world;
  await importHistory();
  const { page, shown, becomesActive } = await watch(driver, dm.id());

  // libxmtp keeps what fails in the middle, and would write to nobody the next time.
  const failing = { kind: 'fail', status: 'UNAVAILABLE' } as const;
  await network.control.addFault({ method: 'SendGroupMessages', effect: failing });
  await page.click('[data-testid=restart-dm]');
  await until('the failure', () => page.evaluate(hasFailure));
  expect(await shown()).toMatchObject({ ...readOnly, canRestart: true });
  await network.control.clearFaults();

  await page.click('[data-testid=restart-dm]');
  const { id } = await becomesActive();
  expect(id).not.toBe(dm.id());
  // The page goes on to the conversation that stands for both, and loads it.
  await until('the composer', async () => (await shown()).hasComposer);
  expect(await shown()).toMatchObject(writable);
  expect(await page.evaluate(restartAgain, dm.id())).toEqual({ conversationId: id });
  expect((await driver.conversations()).filter(({ kind }) => kind === 'dm')).toHaveLength(1);
  expect(await textsHere(id!)).toEqual(['three', 'four']);

  await driver.send(id!, 'again');
  expect(await textsHere(id!)).toEqual(['three', 'four', 'again']);
  await friend.client.conversations().syncAllConversations([ConsentState.Allowed]);
  const [there, ...others] = conversationsOf(friend).filter((one) => one.id() !== family.id());
  expect(others).toEqual([]);
  expect(await textsOf(there!)).toEqual(['three', 'four', 'again']);
  expect(await there!.findDuplicateDms()).toHaveLength(1);

  // And back, to the conversation alone, which libxmtp cannot sync beside an inactive part of it.
  await there!.sendText('welcome back');
  expect(await driver.syncConversation(id!)).toMatchObject({ state: 'complete' });
  expect(await textsHere(id!)).toEqual(['three', 'four', 'again', 'welcome back']);
  // Nothing of this was missing in the store and put right afterwards.
  for (const run of await driver.runs()) expect(run.summary).toMatchObject({ repaired: 0 });
});

function hasFailure(): boolean {
  return document.querySelector('[data-testid=inactive] [role=alert]') !== null;
}

/** The command once more, as a second click would send it. */
async function restartAgain(conversationId: string): Promise<unknown> {
  const { browser, chrome } = globalThis as unknown as Record<'browser' | 'chrome', Sender>;
  const input = { conversationId };
  const message = { lockstep: 'command', name: 'restartDm', input };
  return (await (browser ?? chrome)!.runtime.sendMessage(message)).output;
}

type Sender =
  | { readonly runtime: { sendMessage(message: unknown): Promise<{ readonly output: unknown }> } }
  | undefined;

test('a welcome that was lost comes after all when the other device syncs the conversation', async () => {
  const { driver, network } = world;
  await importHistory();
  // The phone adds Lockstep, and what tells Lockstep of it is lost until libxmtp gives it up.
  await network.control.addFault({
    method: 'SendWelcomeMessages',
    effect: { kind: 'fail', status: 'UNAVAILABLE' },
  });
  const there = conversationsOf(phone).find((one) => one.id() === family.id())!;
  await until('the welcome to be lost', async () => {
    await there.sendText('lost').catch(() => undefined);
    return ((await network.control.counters())['SendWelcomeMessages']?.failed ?? 0) > 0;
  });
  await network.control.clearFaults();
  await driver.syncAll();
  const watched = await watch(driver, family.id());
  expect(await watched.shown()).toMatchObject(readOnly);
  // As an app does that shows it, or writes in it. No message comes with it: the welcome alone is news.
  await there.sync();
  await driver.syncAll();
  await watched.becomesActive();
  expect(await watched.shown()).toMatchObject(writable);
});

/** What a row of the list shows beside the words, in words. */
function marksOf(id: string): string {
  const row = document.querySelector(`[data-conversation-id="${id}"]`);
  return row?.querySelector<HTMLElement>('.marks')?.innerText.trim() ?? '';
}
