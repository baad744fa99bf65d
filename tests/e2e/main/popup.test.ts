import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as read from '../../support/pages/reading.ts';
import { until } from '../../support/until.ts';
import { dmWith, groupWith, openHome, type Home } from '../../support/world.ts';

let home: Home;
let groupId: string;
beforeAll(async () => {
  home = await openHome();
  const { driver, me } = home;
  const friend = await home.newPeer();
  const group = await groupWith(friend, me.inboxId, 'Book club', []);
  groupId = group.id();
  const stranger = await home.newPeer();
  await dmWith(stranger, me.inboxId, ['psst']);
  await driver.syncAll();
  await driver.setConsent(groupId, 'allowed');
  // The conversation is closed before anything comes, or that would count as read.
  await driver.conversations();
  for (const text of ['Chapter one?', 'I liked it']) await group.sendText(text);
  await driver.syncAll();
  await until('the messages', async () => (await driver.conversations())[0]?.unread === 2);
});
afterAll(() => home.close());

test('8: the popup shows conversations with name, last message, time and unread count', async () => {
  const [row] = await home.driver.conversations();
  expect(row).toMatchObject({
    id: groupId,
    kind: 'group',
    title: 'Book club',
    preview: 'I liked it',
    unread: 2,
    consent: 'allowed',
  });
  expect(Math.abs((row?.lastActivityAt ?? 0) - Date.now())).toBeLessThan(120_000);
  expect(await home.driver.requests()).toHaveLength(1);
});

test('8: reading a conversation takes its unread count away', async () => {
  await home.driver.messages(groupId);
  await until('the count to go', async () => (await home.driver.conversations())[0]?.unread === 0);
});

test('8: it opens from the store while network, engine and background are gone', async () => {
  const { driver, network } = home;
  await driver.dropDatabase();
  await network.control.stopServing();
  await driver.killBackground();
  await driver.page.goto('popup/index.html');
  await until('the rows', () =>
    driver.page.evaluate(read.exists, '[data-testid=conversation-row]'),
  );
  expect((await driver.messages(groupId)).map(({ text }) => text)).toEqual([
    'Chapter one?',
    'I liked it',
  ]);
  expect((await driver.runs()).length).toBeGreaterThan(0);
  await network.control.resumeServing();
});

test('8: a running sync shows live progress and survives closing the popup', async () => {
  const { driver, network } = home;
  await network.control.addFault({
    method: 'QueryWelcomeMessages',
    times: 1,
    effect: { kind: 'latency', milliseconds: 2500 },
  });
  const runId = await driver.startSync();
  await until('the progress', () =>
    driver.page.evaluate(read.exists, '[data-testid=active-run][data-step=syncing]'),
  );
  await driver.page.goto('pages/setup/index.html');
  await driver.page.goto('popup/index.html');
  await until('the progress again', () =>
    driver.page.evaluate(read.exists, `[data-testid=active-run][data-run-id="${runId}"]`),
  );
  expect(await driver.ended(runId)).toMatchObject({ state: 'complete' });
});

test('8: every view is accessible, in light and in dark', async () => {
  const { page } = home.driver;
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const views = [
    '',
    'requests',
    `conversation/${groupId}`,
    'activity',
    'history',
    'settings',
    'backups',
  ];
  for (const dark of [false, true]) {
    await page.setDark(dark);
    for (const view of views) {
      await page.goto(`popup/index.html#/${view}`);
      await until('the view', () => page.evaluate(read.isReady));
      await until('its content', () => page.evaluate(hasContent));
      const violations = await home.driver.browser.inspect(page, axe);
      expect(violations, `${view} ${dark ? 'dark' : 'light'}`).toEqual([]);
    }
  }
  await page.setDark(false);
});

function hasContent(): boolean {
  const content =
    '[data-testid=conversation-row], [data-testid=request-row], [data-testid=message], [data-testid=run], [data-testid=history-form], [data-testid=settings], [data-testid=schedule-form]';
  return document.querySelector(content) !== null;
}
