/** Chromium, through Playwright. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type BrowserContext, type Page as PlaywrightPage } from 'playwright-core';
import { findChromium } from '../../../scripts/browsers.mjs';
import { clickAction } from './chromium-action.ts';
import { sourceOf, withAxe, type Browser, type BrowserOptions, type Page } from '../pages/page.ts';
import { until } from '../until.ts';

/** What keeps Chromium from calling out on its own; as root it has no sandbox. */
const flags = [
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-search-engine-choice-screen',
  '--mute-audio',
];

export async function launchChromium(options: BrowserOptions): Promise<Browser> {
  await setDownloads(options);
  const context = await chromium.launchPersistentContext(options.profile, {
    executablePath: findChromium(),
    headless: options.headless,
    chromiumSandbox: process.getuid?.() !== 0,
    viewport: { width: 400, height: 600 },
    ignoreDefaultArgs: ['--disable-extensions'],
    args: [
      ...flags,
      `--disable-extensions-except=${options.extension}`,
      `--load-extension=${options.extension}`,
      // For the click on the toolbar's button, which Playwright cannot reach.
      '--enable-unsafe-extension-debugging',
    ],
  });
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  await saveDownloadsAsAlways(context);
  // `URL.origin` is null for schemes that Node does not know.
  const origin = worker.url().split('/').slice(0, 3).join('/');

  const pages = new WeakMap<Page, PlaywrightPage>();

  return {
    name: 'chromium',
    newPage: async () => {
      const page = await context.newPage();
      const wrapped = wrap(page, origin);
      pages.set(wrapped, page);
      return wrapped;
    },
    clickAction: async (page) => {
      const over = pages.get(page);
      if (over === undefined) throw new Error('This page is not of this browser.');
      return clickAction(context, over, origin);
    },
    killBackground: () => stopServiceWorker(context, origin),
    prepareKill: async () => undefined,
    // Scripts of the debugger are not subject to the page's policy.
    inspect: (page, axe) => page.evaluate(withAxe(axe)),
    killEngine: () => closeOffscreenDocument(context, origin),
    crashRenderer: () => crashOffscreenDocument(context, origin),
    async kill() {
      const closed = new Promise<void>((resolve) => context.once('close', () => resolve()));
      process.kill(await findBrowserProcess(options.profile), 'SIGKILL');
      await closed;
    },
    close: () => context.close(),
  };
}

/** Before the first start of a profile: the folder as a person sets it. */
async function setDownloads({ profile, downloads }: BrowserOptions): Promise<void> {
  const folder = path.join(profile, 'Default');
  await mkdir(folder, { recursive: true });
  const preferences = { download: { default_directory: downloads, prompt_for_download: false } };
  await writeFile(path.join(folder, 'Preferences'), JSON.stringify(preferences), {
    flag: 'wx',
  }).catch(() => undefined); // a profile that has been used has it already
}

/** Playwright would take downloads for itself, under names of its own. */
async function saveDownloadsAsAlways(context: BrowserContext): Promise<void> {
  const page = context.pages()[0] ?? (await context.newPage());
  const session = await context.newCDPSession(page);
  await session.send('Browser.setDownloadBehavior', { behavior: 'default' });
  await session.detach();
}

function wrap(page: PlaywrightPage, origin: string): Page {
  return {
    async goto(path) {
      const address = /^https?:/.test(path) ? path : `${origin}/${path}`;
      // A change of the hash alone is no navigation to Playwright, but the page must start anew.
      if (page.url().split('#')[0] === address.split('#')[0]) await page.goto('about:blank');
      await page.goto(address);
      // A tab behind another one paints once a second: the set-up page opens by itself.
      await page.bringToFront();
    },
    evaluate: (run, ...args) =>
      page.evaluate(`(${sourceOf(run as never)})(...${JSON.stringify(args)})`) as never,
    click: (selector) => page.locator(selector).first().click(),
    choose: (selector, file) => page.locator(selector).first().setInputFiles(file),
    fill: (selector, text) => page.locator(selector).first().fill(text),
    press: (selector, key) => page.locator(selector).first().press(key),
    resize: (width, height) => page.setViewportSize({ width, height }),
    setDark: (dark) => page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' }),
    screenshot: async (file) => void (await page.screenshot({ path: file })),
    reload: async () => void (await page.reload()),
    close: () => page.close(),
  };
}

interface Target {
  readonly targetId: string;
  readonly type: string;
  readonly url: string;
}

async function targets(context: BrowserContext) {
  const page = context.pages()[0] ?? (await context.newPage());
  const session = await context.newCDPSession(page);
  const { targetInfos } = (await session.send('Target.getTargets')) as { targetInfos: Target[] };
  return { session, targetInfos };
}

async function stopServiceWorker(context: BrowserContext, origin: string): Promise<void> {
  const { session, targetInfos } = await targets(context);
  const worker = targetInfos.find(
    ({ type, url }) => type === 'service_worker' && url.startsWith(origin),
  );
  if (worker !== undefined) {
    // A page may start it again at once, under the same id: then only this tells that it was stopped.
    let hasStopped = false;
    session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      hasStopped ||= versions.some(
        ({ scriptURL, runningStatus }) =>
          scriptURL.startsWith(origin) && runningStatus === 'stopped',
      );
    });
    await session.send('ServiceWorker.enable');
    hasStopped = false;
    await session.send('Target.closeTarget', { targetId: worker.targetId });
    await until('the service worker to stop', async () => {
      const now = (await session.send('Target.getTargets')) as { targetInfos: Target[] };
      return hasStopped || !now.targetInfos.some(({ targetId }) => targetId === worker.targetId);
    });
  }
  await session.detach();
}

/** The browser's own process among those that were started with a profile: it has no type. */
async function findBrowserProcess(profile: string): Promise<number> {
  for (const id of await readdir('/proc')) {
    if (!/^\d+$/.test(id)) continue;
    const line = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    const words = line.split('\0');
    if (!words.includes(`--user-data-dir=${profile}`)) continue;
    if (!words.some((word) => word.startsWith('--type='))) return Number(id);
  }
  throw new Error(`No browser runs with ${profile}.`);
}

/** All documents and workers of the extension share one process. */
async function crashOffscreenDocument(context: BrowserContext, origin: string): Promise<void> {
  const { session, targetInfos } = await targets(context);
  const document = targetInfos.find(
    ({ type, url }) => type === 'background_page' && url.startsWith(`${origin}/offscreen/`),
  );
  if (document === undefined) throw new Error('No engine runs.');
  const { sessionId } = await session.send('Target.attachToTarget', {
    targetId: document.targetId,
    flatten: false,
  });
  await session.send('Target.sendMessageToTarget', {
    sessionId,
    message: JSON.stringify({ id: 1, method: 'Page.crash' }),
  });
  await until('the renderer to crash', async () => {
    const now = (await session.send('Target.getTargets')) as { targetInfos: Target[] };
    return !now.targetInfos.some(({ targetId }) => targetId === document.targetId);
  });
  await session.detach().catch(() => undefined);
}

/** Closing the document ends its worker at once, as a crash of its renderer would. */
async function closeOffscreenDocument(context: BrowserContext, origin: string): Promise<void> {
  const { session, targetInfos } = await targets(context);
  const document = targetInfos.find(
    ({ type, url }) => type === 'background_page' && url.startsWith(`${origin}/offscreen/`),
  );
  if (document === undefined) {
    throw new Error(
      `No engine runs: ${JSON.stringify(targetInfos.map(({ type, url }) => [type, url]))}`,
    );
  }
  await session.send('Target.closeTarget', { targetId: document.targetId });
  await session.detach();
}
