import { afterAll, beforeAll, expect, test } from 'vitest';
import * as read from '../../support/pages/reading.ts';
import { until } from '../../support/until.ts';
import { groupWith, openHome, type Home } from '../../support/world.ts';

let home: Home;
beforeAll(async () => {
  home = await openHome();
});
afterAll(() => home.close());

test('7: a dropped database leaves everything readable, says so, and a sync reconnects', async () => {
  const { driver, me } = home;
  const peer = await home.newPeer();
  const group = await groupWith(peer, me.inboxId, 'Stored', ['readable']);
  await driver.syncAll();
  await driver.setConsent(group.id(), 'allowed');
  await until('its message', async () => (await driver.messages(group.id())).length === 1);

  await driver.dropDatabase();
  expect(await driver.connection()).toBe('released');
  expect(await driver.page.evaluate(read.exists, '[data-testid=released-banner]')).toBe(true);
  expect((await driver.conversations()).map(({ title }) => title)).toEqual(['Stored']);
  expect((await driver.messages(group.id())).map(({ text }) => text)).toEqual(['readable']);
  // Reading is no work: the connection stays released.
  expect(await driver.connection()).toBe('released');

  await group.sendText('while released');
  const run = await driver.syncAll();
  expect(run).toMatchObject({ state: 'complete' });
  expect((await driver.messages(group.id())).map(({ text }) => text)).toEqual([
    'readable',
    'while released',
  ]);
  expect(await driver.connection()).toBe('open');
});

test('7: the database can be reconnected by hand, to the same installation', async () => {
  const { driver, me } = home;
  await driver.dropDatabase();
  await driver.reconnectDatabase();
  expect(await driver.connection()).toBe('open');
  expect(await driver.identity()).toEqual(me);
  expect(await driver.syncAll()).toMatchObject({ state: 'complete' });
});

test('7: the connection closes by itself when there is nothing to do', async () => {
  const { driver } = home;
  await driver.page.goto('popup/index.html#/settings');
  await until('the settings', () => driver.page.evaluate(read.exists, '[data-testid=settings]'));
  await driver.page.fill('[data-testid=setting-idle-close]', '1');
  await driver.page.press('[data-testid=setting-idle-close]', 'Tab');
  await until('the setting to be stored', async () => (await driver.page.evaluate(read.saves)) > 0);
  await driver.syncAll();
  await until('the connection to rest', async () => (await driver.connection()) === 'resting');
  expect(await driver.syncAll()).toMatchObject({ state: 'complete' });
});
