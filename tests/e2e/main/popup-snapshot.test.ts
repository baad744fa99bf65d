import { afterAll, beforeAll, expect, test } from 'vitest';
import { command } from '../../support/faults/beneath.ts';
import {
  followedAtOnce,
  forgetPicture,
  holdStore,
  pictured,
  releaseStore,
} from '../../support/pages/popup-snapshot.ts';
import type { Page } from '../../support/pages/page.ts';
import * as read from '../../support/pages/reading.ts';
import { until } from '../../support/until.ts';
import { groupWith, openHome, type Home } from '../../support/world.ts';

let home: Home;
/** A page that holds the store, so that a popup shows its picture for as long as one looks. */
let holder: Page;
let clubId: string;
let choirId: string;
beforeAll(async () => {
  home = await openHome();
  const { driver, me } = home;
  const friend = await home.newPeer();
  const club = await groupWith(friend, me.inboxId, 'Book club', []);
  const choir = await groupWith(friend, me.inboxId, 'Choir', []);
  [clubId, choirId] = [club.id(), choir.id()];
  await driver.syncAll();
  for (const id of [clubId, choirId]) await driver.setConsent(id, 'allowed');
  await driver.conversations();
  await club.sendText('Chapter one?');
  await choir.sendText(`A long one: ${'la '.repeat(1000)}`);
  await driver.syncAll();
  holder = await driver.browser.newPage();
  await holder.goto('offscreen/index.html');
});
afterAll(() => home.close());

/** What a popup that opens now shows before the store has said anything, and then what the store says. */
async function openedPopup() {
  const { page } = home.driver;
  await holder.evaluate(holdStore);
  try {
    await page.goto('popup/index.html');
    await until('the popup to be drawn', () => page.evaluate(read.exists, '.app'));
    expect(await page.evaluate(read.isReady)).toBe(false);
    return await page.evaluate(read.conversationRows);
  } finally {
    await holder.evaluate(releaseStore);
    await until('the store to answer', () => page.evaluate(read.isReady));
  }
}

const shown = () => home.driver.page.evaluate(read.conversationRows);
const picture = () => holder.evaluate(pictured);
const pictureOf = (...ids: readonly string[]) =>
  until(`a picture of ${ids.length}`, async () => {
    const found = await picture();
    const foundIds = found?.map(({ id }) => id) ?? null;
    return JSON.stringify(foundIds) === JSON.stringify(ids);
  });

test('first screen: a popup shows the list as it is before the store answers', async () => {
  await pictureOf(choirId, clubId);
  // One that was made while they came has fewer messages.
  await until('its messages', async () => (await picture())?.every(({ unread }) => unread === 1));
  const atFirst = await openedPopup();
  expect(atFirst).toMatchObject([
    { id: choirId, title: 'Choir', unread: 1 },
    { id: clubId, title: 'Book club', preview: 'Chapter one?', unread: 1 },
  ]);
  expect(await shown()).toEqual(atFirst);
  await home.driver.setPinned(clubId, true);
  await pictureOf(clubId, choirId);
  expect(await openedPopup()).toMatchObject([{ id: clubId, pinned: true }, { id: choirId }]);
});

test('first screen: a click on what is there at once is followed', async () => {
  for (let times = 0; times < 5; times++) {
    expect(await holder.evaluate(followedAtOnce, '#/activity')).toBe('activity');
  }
});

test('first screen: a conversation that was denied is never seen again, whatever dies', async () => {
  const { driver } = home;
  await driver.setConsent(choirId, 'denied');
  const ids = (await openedPopup()).map(({ id }) => id);
  expect(ids).not.toContain(choirId);
  expect((await shown()).map(({ id }) => id)).toEqual([clubId]);
  await pictureOf(clubId);
  // Killed as soon as the choice is answered, before another picture can be made.
  await holder.evaluate(command, 'setConsent', { conversationId: clubId, consent: 'denied' });
  await driver.killBackground();
  expect((await picture())?.map(({ id }) => id) ?? []).not.toContain(clubId);
  await driver.setConsent(clubId, 'allowed');
  await pictureOf(clubId);
});

test('first screen: without a picture the popup waits for the store, and another one is made', async () => {
  const { driver } = home;
  await holder.evaluate(forgetPicture);
  await driver.killBackground();
  expect(await openedPopup()).toEqual([]);
  expect((await shown()).map(({ id }) => id)).toEqual([clubId]);
  await pictureOf(clubId);
});

test('first screen: it goes with the account', async () => {
  await home.network.control.stopServing();
  await holder.evaluate(command, 'startOver', {});
  expect(await picture()).toBeNull();
  expect(await openedPopup()).toEqual([]);
  expect(await home.driver.page.evaluate(read.exists, '[data-screen=registering]')).toBe(true);
  expect(await picture()).toBeNull();
});
