/**
 * The page object that every end-to-end test uses: Lockstep in a real browser, acted on and read
 * through its interface. Alike for Chromium and Firefox.
 *
 * Two tabs are held: one for acting, which always shows the popup's page, and one that tests may use
 * as they like (`page`). Ids and numbers come from the `data-` attributes beside the words.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ConsentState } from '../../../src/shared/consent.ts';
import { launchChromium } from '../browsers/chromium.ts';
import { backupActions, type BackupDriver } from './driver-backups.ts';
import { setUpActions } from './driver-setup.ts';
import { historyActions, type HistoryDriver } from './driver-history.ts';
import { launchFirefox } from '../browsers/firefox.ts';
import type { Browser, Page } from '../pages/page.ts';
import * as read from '../pages/reading.ts';
import { until } from '../until.ts';

export type BrowserName = Browser['name'];

export interface LaunchOptions {
  /** A folder to keep between launches; without it, a fresh one that is deleted at the end. */
  readonly profile?: string;
  /** The network to create accounts on; without it, the protocol's fixed local ports. */
  readonly hosts?: { readonly node: string; readonly history: string };
  readonly headless?: boolean;
  /** Another build of the extension than the one that ships (tests/support/lab). */
  readonly extension?: string;
}

export interface Identity {
  readonly inboxId: string;
  readonly installationId: string;
  readonly address: string;
}

export interface Driver extends HistoryDriver, BackupDriver {
  readonly browser: Browser;
  /** The tab in which the driver acts. */
  readonly page: Page;
  /** Goes through the set-up page until the inbox is ready and its first sync has ended. */
  createAccount(options?: { readonly privateKey?: string }): Promise<Identity>;
  /** Goes to the set-up page and chooses the network of this test. */
  chooseNetwork(): Promise<void>;
  /** Fills in the set-up page and starts, without waiting for the end. */
  startAccount(options?: { readonly privateKey?: string }): Promise<void>;
  identity(): Promise<Identity>;
  /** Syncs everything; without states, those of the settings. Resolves with the run as shown. */
  syncAll(states?: readonly ConsentState[]): Promise<read.ShownRun>;
  syncConversation(id: string): Promise<read.ShownRun>;
  syncConversations(): Promise<read.ShownRun>;
  syncPreferences(): Promise<read.ShownRun>;
  /** Presses the button and resolves with the id of the run that it started or joined. */
  startSync(states?: readonly ConsentState[]): Promise<string>;
  /** Waits until a run has ended, whatever became of it. */
  ended(runId: string): Promise<read.ShownRun>;
  conversations(): Promise<readonly read.ShownConversation[]>;
  requests(): Promise<readonly read.ShownRequest[]>;
  messages(conversationId: string): Promise<readonly read.ShownMessage[]>;
  /** Writes a message and waits until it is no longer on its way. */
  send(conversationId: string, text: string): Promise<void>;
  setConsent(conversationId: string, state: ConsentState): Promise<void>;
  /** Pins a conversation, or takes its pin away; by keyboard, which is the way with more steps. */
  setPinned(conversationId: string, pinned: boolean): Promise<void>;
  dropDatabase(): Promise<void>;
  reconnectDatabase(): Promise<void>;
  connection(): Promise<string>;
  /** Newest first. */
  runs(): Promise<readonly read.ShownRun[]>;
  /** Sets the interval of periodic syncs in seconds; null turns them off. */
  setInterval(seconds: number | null): Promise<void>;
  /** Chooses what runs between syncs. */
  setMode(mode: 'periodic' | 'live'): Promise<void>;
  /** The state of live mode as shown. */
  live(): Promise<string>;
  /** When the store was last known to hold everything, in milliseconds; null if never. */
  completeAt(): Promise<number | null>;
  killBackground(): Promise<void>;
  killEngine(): Promise<void>;
  /** Goes to a page of the extension and writes what is visible. */
  screenshot(address: string, file: string): Promise<void>;
  close(): Promise<void>;
}

/** Those that were launched and not closed yet. */
export const openDrivers = new Set<Driver>();

const dist = path.join(import.meta.dirname, '../../../dist');
const popup = 'popup/index.html';

export async function launch(name: BrowserName, options: LaunchOptions = {}): Promise<Driver> {
  const kept = options.profile;
  const profile = kept ?? (await mkdtemp(path.join(tmpdir(), 'lockstep-profile-')));
  const downloads = path.join(profile, 'downloads');
  await mkdir(downloads, { recursive: true });
  const start = name === 'chromium' ? launchChromium : launchFirefox;
  const browser = await start({
    profile,
    extension: options.extension ?? path.join(dist, name === 'chromium' ? 'chrome' : 'firefox'),
    headless: options.headless ?? true,
    downloads,
  });
  const page = await browser.newPage();
  const view = (hash: string) => open(page, hash);

  /** Presses something that starts a sync, and answers the run's id. */
  async function press(selector: string): Promise<string> {
    const before = await page.evaluate(read.requestCount);
    await page.click(selector);
    return until('the background to journal the run', async () => {
      const { count, runId } = await page.evaluate(read.requestedRun);
      return count > before ? runId : null;
    });
  }

  async function startSync(states?: readonly ConsentState[]): Promise<string> {
    await view('#/');
    if (states === undefined) return press('[data-testid=sync-now]');
    await page.click('[data-testid=sync-menu]');
    for (const state of ['allowed', 'unknown', 'denied'] as const) {
      const box = `[data-testid=sync-state-${state}]`;
      const checked = await page.evaluate(read.isChecked, box);
      if (checked !== states.includes(state)) await page.click(box);
    }
    return press('[data-testid=sync-all]');
  }

  async function ended(runId: string): Promise<read.ShownRun> {
    await view(`#/activity/${runId}`);
    const run = await until(
      `run ${runId} to end`,
      async () => {
        const runs = await page.evaluate(read.runs);
        const found = runs.find(({ id }) => id === runId);
        const isOver = found !== undefined && !['queued', 'running'].includes(found.state);
        return isOver ? found : null;
      },
      180_000,
    );
    return run;
  }

  async function syncFromMenu(button: string): Promise<read.ShownRun> {
    await view('#/');
    await page.click('[data-testid=sync-menu]');
    return ended(await press(button));
  }

  const { chooseNetwork, startAccount } = setUpActions(page, options.hosts);

  async function identity(): Promise<Identity> {
    await view('#/settings');
    return until('the account', () => page.evaluate(read.identity));
  }

  const driver: Driver = {
    browser,
    page,
    chooseNetwork,
    startAccount,
    async createAccount(account) {
      await startAccount(account);
      const outcome = await until(
        'the inbox to be ready',
        async () => {
          const failure = await page.evaluate(read.setupFailure);
          return failure ?? ((await page.evaluate(read.setupPhase)) === 'ready' && 'ready');
        },
        60_000,
      );
      if (outcome !== 'ready') throw new Error(`Set-up failed: ${outcome}`);
      const first = await until('the first sync', () => page.evaluate(read.firstSync));
      await ended(first);
      return identity();
    },
    identity,
    startSync,
    ended,
    syncAll: async (states) => ended(await startSync(states)),
    async syncConversation(id) {
      await view(`#/conversation/${id}`);
      return ended(await press('[data-testid=sync-conversation]'));
    },
    syncConversations: () => syncFromMenu('[data-testid=sync-conversations]'),
    syncPreferences: () => syncFromMenu('[data-testid=sync-preferences]'),
    ...historyActions(page, view),
    ...backupActions(page, view, downloads),
    async conversations() {
      await view('#/');
      return readRows(page, 'conversation-list', read.conversationRows);
    },
    async requests() {
      await view('#/requests');
      return readRows(page, 'request-list', read.requestRows);
    },
    async messages(id) {
      await view(`#/conversation/${id}`);
      await until('the messages', () => page.evaluate(read.messagesAreLoaded));
      while (!(await page.evaluate(read.allMessagesAreLoaded))) {
        const loaded = await page.evaluate(read.scrollToOldest);
        await until('older messages', () => page.evaluate(read.moreThan, loaded));
      }
      return page.evaluate(read.messages);
    },
    async send(id, text) {
      await view(`#/conversation/${id}`);
      await until('the composer', () => page.evaluate(read.exists, '[data-testid=composer]'));
      await page.fill('[data-testid=composer]', text);
      await page.press('[data-testid=composer]', 'Enter');
      await until('the message to be on its way', () => page.evaluate(read.composerIsEmpty));
      await until('the message to be sent', () => page.evaluate(read.isSent, text), 60_000);
    },
    async setConsent(id, state) {
      await view(`#/conversation/${id}`);
      await until('the conversation', () =>
        page.evaluate(read.exists, '[data-testid=conversation]'),
      );
      await page.click('[data-testid=conversation-details]');
      await page.click(`[data-testid=consent-${state}]`);
      await until(`the conversation to be ${state}`, () => page.evaluate(read.hasConsent, state));
    },
    async setPinned(id, pinned) {
      await view(`#/conversation/${id}`);
      const isPinned = () => page.evaluate(read.isPressed, '[data-testid=pin]');
      const before = await until('the button', async () => {
        const pressed = await isPinned();
        return pressed === null ? null : { pressed };
      });
      if (before.pressed === pinned) return;
      await page.press('[data-testid=pin]', 'Enter');
      await until('the button to follow', async () => (await isPinned()) === pinned);
    },
    async dropDatabase() {
      await view('#/');
      await page.click('[data-testid=connection]');
      await page.click('[data-testid=drop-database]');
      await until(
        'the database to be released',
        async () => (await page.evaluate(read.connection)) === 'released',
      );
    },
    async reconnectDatabase() {
      await view('#/');
      // An open one has no button for it.
      if ((await until('the connection', () => page.evaluate(read.connection))) === 'open') return;
      await page.click('[data-testid=connection]');
      await page.click('[data-testid=reconnect-database]');
      await until(
        'the database to be open',
        async () => (await page.evaluate(read.connection)) === 'open',
      );
    },
    async connection() {
      await view('#/');
      return until('the connection', () => page.evaluate(read.connection));
    },
    async runs() {
      await view('#/activity');
      await until('the runs', () => page.evaluate(read.runsAreLoaded));
      return page.evaluate(read.runs);
    },
    async setInterval(seconds) {
      await view('#/settings');
      await until('the settings', () => page.evaluate(read.exists, '[data-testid=settings]'));
      const before = await page.evaluate(read.saves);
      await page.evaluate(read.choose, '[data-testid=setting-interval]', String(seconds ?? 'off'));
      await until(
        'the setting to be stored',
        async () => (await page.evaluate(read.saves)) > before,
      );
    },
    async setMode(mode) {
      await view('#/settings');
      await until('the settings', () => page.evaluate(read.exists, '[data-testid=settings]'));
      const before = await page.evaluate(read.saves);
      await page.click(`[data-testid=setting-mode-${mode}]`);
      await until(
        'the setting to be stored',
        async () => (await page.evaluate(read.saves)) > before,
      );
    },
    async live() {
      await view('#/');
      return until('live mode', () => page.evaluate(read.live));
    },
    async completeAt() {
      await view('#/');
      return page.evaluate(read.completeAt);
    },
    killBackground: () => browser.killBackground(),
    killEngine: () => browser.killEngine(),
    async screenshot(address, file) {
      await page.goto(address);
      await until('the page', () => page.evaluate(read.isReady));
      await page.screenshot(file);
    },
    async close() {
      openDrivers.delete(driver);
      await browser.close();
      if (kept === undefined) await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  openDrivers.add(driver);
  return driver;
}

/** Shows a view of the popup's page. A page that is open already changes its view without a reload. */
async function open(page: Page, hash: string): Promise<void> {
  const isOpen = await page.evaluate(read.goWithin, hash).catch(() => false);
  if (!isOpen) await page.goto(`${popup}${hash}`);
  await until(`the view ${hash}`, () => page.evaluate(read.isAt, hash));
}

/** Reads a virtual list from its first row to its last. */
async function readRows<Row extends { readonly index: number }>(
  page: Page,
  testid: string,
  rows: () => readonly Row[],
): Promise<readonly Row[]> {
  const found = new Map<number, Row>();
  const total = await until('the list', async () => {
    const length = await page.evaluate(read.listLength, testid);
    return length === null ? null : { length };
  });
  while (found.size < total.length) {
    for (const row of await page.evaluate(rows)) found.set(row.index, row);
    if (found.size >= total.length) break;
    let next = 0;
    while (found.has(next)) next++;
    await page.evaluate(read.scrollToRow, testid, next);
    await until(`row ${next}`, () => page.evaluate(read.hasRow, testid, next));
  }
  return [...found.values()].sort((a, b) => a.index - b.index);
}
