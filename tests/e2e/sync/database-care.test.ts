import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as beneath from '../../support/faults/beneath.ts';
import * as read from '../../support/pages/reading.ts';
import { until } from '../../support/until.ts';
import { groupWith, openHome, type Home } from '../../support/world.ts';

/** Not kept by Lockstep: what needs a signature asks for it again. */
const privateKey = randomBytes(32).toString('hex');
let home: Home;
let groupId: string;
beforeAll(async () => {
  home = await openHome({ privateKey });
  const { driver, me } = home;
  const group = await groupWith(await home.newPeer(), me.inboxId, 'Kept', ['one', 'two']);
  groupId = group.id();
  await driver.syncAll();
  await driver.setConsent(groupId, 'allowed');
  await until('its messages', async () => (await driver.messages(groupId)).length === 2);
});
afterAll(() => home.close());

const command = (name: string) => home.driver.page.evaluate(beneath.command, name, {});
const data = (selector: string) => home.driver.page.evaluate(beneath.dataOf, selector);

async function showDatabase(): Promise<void> {
  await home.driver.page.goto('popup/index.html#/database');
  await until('the page', () => data('[data-testid=database]'));
}

/** Closed, so that its files can be changed. */
async function spoil(how: 'delete' | 'truncate' | 'garbage' | 'pages'): Promise<void> {
  await home.driver.dropDatabase();
  await home.driver.page.evaluate(beneath.spoilDatabase, how);
}

/** Tries to open, which must fail with this code, and shows the choices. */
async function expectBroken(code: string): Promise<void> {
  await expect(command('reconnectDatabase')).rejects.toThrow(code);
  await home.driver.page.goto('popup/index.html');
  const banner = await until('the banner', () => data('[data-testid=broken-banner]'));
  expect(banner['errorCode']).toBe(code);
  await showDatabase();
  await until('the choices', () => data('[data-testid=database-recovery]'));
  await until(
    'the sizes',
    async () => (await data('[data-testid=database-stats]'))?.['poolBytes'] !== undefined,
  );
  expect(await home.driver.connection()).toBe('failed'); // looking is no reason to open
  // What was stored stays readable, and the account is the same.
  expect((await home.driver.messages(groupId)).map(({ text }) => text)).toEqual(['one', 'two']);
  expect(await home.driver.identity()).toEqual(home.me);
}

async function restoreCopy(): Promise<void> {
  await home.driver.page.evaluate(beneath.leaveCopy, 'exported.db3', 'to-restore.db3');
  await command('restoreDatabase');
  await until('it to be open', async () => (await home.driver.connection()) === 'open');
}

test('sizes, capacity, quota and persistence are shown', async () => {
  await showDatabase();
  const facts = await until('the sizes', async () => {
    const shown = await data('[data-testid=database-stats]');
    return shown?.['databaseBytes'] !== undefined && shown['quota'] !== undefined && shown;
  });
  expect(Number(facts['databaseBytes'])).toBeGreaterThan(100_000);
  expect(Number(facts['poolBytes'])).toBeGreaterThan(Number(facts['databaseBytes']));
  expect(Number(facts['capacity'])).toBeGreaterThanOrEqual(6);
  expect(Number(facts['quota'])).toBeGreaterThan(1_000_000);
  expect(['true', 'false']).toContain(facts['persisted']);
});

test('a whole database is called whole, and a page that is overwritten is found', async () => {
  const { driver } = home;
  await command('exportDatabase');
  const check = async () => {
    await showDatabase();
    await driver.page.click('[data-testid=check-database]');
    const report = await until('the report', () => data('[data-testid=integrity]'), 60_000);
    return Number(report['problems']);
  };
  expect(await check()).toBe(0);
  await spoil('pages');
  expect(await check()).toBeGreaterThan(0);
  await restoreCopy();
  expect(await check()).toBe(0);
  expect(await driver.syncAll()).toMatchObject({ state: 'complete' });
});

test('the store is rebuilt from libxmtp without network, and what was read stays read', async () => {
  const { driver, network } = home;
  const before = await driver.messages(groupId);
  await until('the conversation to be read', async () =>
    (await driver.conversations()).every(({ unread }) => unread === 0),
  );
  await network.control.stopServing();
  await showDatabase();
  await driver.page.click('[data-testid=rebuild-store]');
  await until(
    'the rebuild',
    async () => (await data('[data-testid=rebuild]'))?.['state'] === 'complete',
    60_000,
  );
  expect(await driver.messages(groupId)).toEqual(before);
  expect((await driver.conversations()).map(({ unread }) => unread)).toEqual([0]);
  await network.control.resumeServing();
  expect(await driver.syncAll()).toMatchObject({ state: 'complete' });
});

test('another context that has the database is named, and nothing is damaged', async () => {
  const { driver } = home;
  await driver.dropDatabase();
  const rival = await driver.browser.newPage();
  await rival.goto('popup/index.html');
  await rival.evaluate(beneath.holdDatabaseLock);
  await expect(command('reconnectDatabase')).rejects.toThrow('database_locked');
  expect(await driver.connection()).toBe('failed');
  await rival.close();
  await driver.reconnectDatabase();
  expect(await driver.identity()).toEqual(home.me);
  expect(await driver.syncAll()).toMatchObject({ state: 'complete' });
});

test('a database that was deleted, cut off or overwritten is recognised, and a saved copy brings it back', async () => {
  const { driver } = home;
  await showDatabase();
  await command('exportDatabase');
  for (const [how, code] of [
    ['delete', 'database_lost'],
    ['truncate', 'database_damaged'],
    ['garbage', 'database_damaged'],
  ] as const) {
    await spoil(how);
    await expectBroken(code);
    await restoreCopy();
    expect(await driver.syncAll()).toMatchObject({ state: 'complete' });
  }
  expect((await driver.messages(groupId)).map(({ text }) => text)).toEqual(['one', 'two']);
});

test('starting over registers another installation of the same inbox', async () => {
  const { driver, me } = home;
  await spoil('delete');
  await expectBroken('database_lost');
  await showDatabase();
  await until('the choices', () => data('[data-testid=recovery-sure]'));
  await driver.page.click('[data-testid=recovery-sure]');
  await driver.page.click('[data-testid=recovery-over]');
  await driver.page.goto('pages/setup/index.html');
  await until('the request for a signature', () => data('[data-testid=signature-request]'));
  await driver.page.fill('[data-testid=private-key]', privateKey);
  await driver.page.click('[data-testid=sign-with-key]');
  const now = await until(
    'the new installation',
    async () => {
      const shown = await driver.identity().catch(() => null);
      return shown !== null && shown.installationId !== me.installationId && shown;
    },
    60_000,
  );
  expect(now.inboxId).toBe(me.inboxId);
  expect(await driver.syncAll()).toMatchObject({ state: 'complete' });
  const { files } = await driver.page.evaluate(beneath.libxmtpFiles);
  const databases = files.filter(({ path, length }) => path.endsWith('.db3') && length > 0);
  expect(databases).toHaveLength(1);
  expect(await driver.page.evaluate(read.exists, '[data-testid=broken-banner]')).toBe(false);
});
