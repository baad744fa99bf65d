/** Firefox, through Marionette. */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { findFirefox } from '../../../scripts/browsers.mjs';
import { afterClick, beforeClick, clickOn, elementKey } from './firefox-click.ts';
import { clickAction } from './firefox-action.ts';
import { inChrome, Marionette, Turns } from './marionette.ts';
import { sourceOf, withAxe, type Browser, type BrowserOptions, type Page } from '../pages/page.ts';

const addonId = 'lockstep@lockstep.example';
/** Ours to choose, so that the extension's address is known. */
const uuid = '5d2f1c0e-6f0b-4c57-9d5e-2f9d5b8c1a11';
const origin = `moz-extension://${uuid}`;

function preferences(port: number, downloads: string): Record<string, string | number | boolean> {
  return {
    'browser.download.folderList': 2,
    'browser.download.dir': downloads,
    'browser.download.alwaysOpenPanel': false,
    // What is asked for in a click is granted, as if the person had said yes.
    'extensions.webextOptionalPermissionPrompts': false,
    'marionette.port': port,
    'xpinstall.signatures.required': false,
    'extensions.webextensions.uuids': JSON.stringify({ [addonId]: uuid }),
    // A temporary add-on goes with its browser; its data and address must not.
    'extensions.webextensions.keepStorageOnUninstall': true,
    'extensions.webextensions.keepUuidOnUninstall': true,
    'browser.shell.checkDefaultBrowser': false,
    'browser.startup.homepage_override.mstone': 'ignore',
    'browser.aboutwelcome.enabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'toolkit.telemetry.reportingpolicy.firstRun': false,
    'app.update.disabledForTesting': true,
    'extensions.update.enabled': false,
    'browser.safebrowsing.malware.enabled': false,
    'browser.safebrowsing.phishing.enabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'dom.disable_open_during_load': false,
    // Popups stay while their tests look at other tabs.
    'ui.popup.disable_autohide': true,
  };
}

export async function launchFirefox(options: BrowserOptions): Promise<Browser> {
  const port = await freePort();
  await mkdir(options.profile, { recursive: true });
  const lines = Object.entries(preferences(port, options.downloads)).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  await writeFile(path.join(options.profile, 'user.js'), `${lines.join('\n')}\n`);
  const child = spawn(
    findFirefox(),
    [
      '-marionette',
      ...(options.headless ? ['-headless'] : []),
      '-no-remote',
      '-remote-allow-system-access',
      '-profile',
      options.profile,
    ],
    {
      stdio: 'ignore',
      env: { ...process.env, MOZ_HEADLESS_WIDTH: '1400', MOZ_HEADLESS_HEIGHT: '1000' },
    },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const marionette = await Marionette.connect(port);
  await marionette.send('WebDriver:NewSession', {});
  // Storage and network of a cold profile take their time.
  // What is to be clicked or filled in is waited for, as Playwright does in Chromium.
  await marionette.send('WebDriver:SetTimeouts', {
    script: 120_000,
    pageLoad: 60_000,
    implicit: 15_000,
  });
  await marionette.send('Addon:Install', { path: options.extension, temporary: true });
  const queue = new Turns();
  await queue.take(() => watchWorkers(marionette));

  const kill = async () => {
    child.kill('SIGKILL');
    marionette.close();
    await exited;
  };

  const handles = new WeakMap<Page, string>();
  return {
    name: 'firefox',
    newPage: () =>
      queue.take(async () => {
        const { handle } = await marionette.send<{ handle: string }>('WebDriver:NewWindow', {
          type: 'tab',
        });
        const page = wrap(marionette, handle, queue);
        handles.set(page, handle);
        return page;
      }),
    clickAction: async (page) => {
      const handle = handles.get(page);
      if (handle === undefined) throw new Error('This page is not of this browser.');
      return clickAction(marionette, queue, { addonId, origin, handle });
    },
    killBackground: () =>
      queue.take(() =>
        inChrome(
          marionette,
          `const [id, done] = arguments;
           const { extension } = WebExtensionPolicy.getByID(id);
           extension.terminateBackground({ ignoreDevToolsAttached: true, disableResetIdleForTest: true })
             .then(() => done(null), (error) => done(String(error)));`,
          [addonId],
        ),
      ),
    prepareKill: () => queue.take(() => watchWorkers(marionette)),
    inspect: (page, axe) => page.evaluate(withAxe(axe)),
    killEngine: () => queue.take(() => terminateWorker(marionette)),
    crashRenderer: kill,
    kill,
    async close() {
      await marionette.send('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => undefined);
      marionette.close();
      await exited;
    },
  };
}

function wrap(marionette: Marionette, handle: string, queue: Turns): Page {
  const turn = <Answer>(act: () => Promise<Answer>) =>
    queue.take(async () => {
      await marionette.send('WebDriver:SwitchToWindow', { handle, focus: true });
      return act();
    });
  const find = async (selector: string) => {
    const { value } = await marionette.send<{ value: Record<string, string> }>(
      'WebDriver:FindElement',
      { using: 'css selector', value: selector },
    );
    const [id] = Object.values(value);
    return id;
  };
  /** Runs a script in the page; `element` is what it is about. */
  const inPage = async <Answer>(script: string, id?: string): Promise<Answer> => {
    const { value } = await marionette.send<{ value: Answer }>('WebDriver:ExecuteAsyncScript', {
      script,
      args: [id === undefined ? null : { [elementKey]: id }],
      newSandbox: false,
      sandbox: null,
    });
    return value;
  };
  const keys = { Enter: '\uE007', Tab: '\uE004', Escape: '\uE00C' } as const;
  return {
    goto: (address) =>
      turn(async () => {
        await marionette.send('WebDriver:Navigate', { url: 'about:blank' });
        const url = /^https?:/.test(address) ? address : `${origin}/${address}`;
        await marionette.send('WebDriver:Navigate', { url });
      }),
    evaluate: (run, ...args) =>
      turn(async () => {
        const { value } = await marionette.send<{ value: { ok: boolean; value: never } }>(
          'WebDriver:ExecuteAsyncScript',
          {
            script: `const [args, done] = arguments;
              Promise.resolve().then(() => (${sourceOf(run)})(...args)).then(
                (value) => done({ ok: true, value: value === undefined ? null : value }),
                (error) => done({ ok: false, value: String(error) }));`,
            args: [args],
            newSandbox: false,
            sandbox: null,
          },
        );
        if (!value.ok) throw new Error(String(value.value));
        return value.value;
      }),
    click: (selector) =>
      turn(async () => {
        for (let tries = 0; tries < 20; tries++) {
          const id = await find(selector);
          if (!(await inPage<boolean>(beforeClick, id))) continue;
          await marionette.send('WebDriver:PerformActions', { actions: clickOn(id) });
          if (await inPage<boolean>(afterClick)) return;
        }
        throw new Error(`${selector} would not stay where it is to be clicked`);
      }),
    choose: (selector, file) =>
      turn(async () => {
        const id = await find(selector);
        await marionette.send('WebDriver:ElementSendKeys', { id, text: file });
      }),
    fill: (selector, text) =>
      turn(async () => {
        const id = await find(selector);
        await marionette.send('WebDriver:ElementClear', { id });
        await marionette.send('WebDriver:ElementSendKeys', { id, text });
      }),
    press: (selector, key) =>
      turn(async () => {
        const id = await find(selector);
        await marionette.send('WebDriver:ElementSendKeys', { id, text: keys[key] });
      }),
    resize: (width, height) =>
      turn(() =>
        inChrome(
          marionette,
          `const [width, height, done] = arguments;
           const browser = gBrowser.selectedBrowser;
           const frame = browser.getBoundingClientRect();
           window.resizeTo(window.outerWidth - frame.width + width, window.outerHeight - frame.height + height);
           done(null);`,
          [width, height],
        ),
      ),
    setDark: (dark) =>
      turn(() =>
        inChrome(
          marionette,
          `const [scheme, done] = arguments;
           Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', scheme);
           done(null);`,
          [dark ? 0 : 1],
        ),
      ),
    screenshot: (file) =>
      turn(async () => {
        const { value } = await marionette.send<{ value: string }>('WebDriver:TakeScreenshot', {
          full: false,
          hash: false,
        });
        await writeFile(file, Buffer.from(value, 'base64'));
      }),
    reload: () => turn(async () => void (await marionette.send('WebDriver:Refresh'))),
    close: () => turn(async () => void (await marionette.send('WebDriver:CloseWindow'))),
  };
}

/**
 * Keeps a list of the workers that the background page starts from now on: extensions may reach it
 * from their other pages.
 */
async function watchWorkers(marionette: Marionette): Promise<void> {
  await inBackground(
    marionette,
    `if (background.startedWorkers !== undefined) return;
     background.startedWorkers = [];
     const { Worker } = background;
     background.Worker = class extends Worker {
       constructor(...args) {
         super(...args);
         background.startedWorkers.push(this);
       }
     };`,
  );
}

async function terminateWorker(marionette: Marionette): Promise<void> {
  await inBackground(
    marionette,
    `if (!background.startedWorkers?.length) throw new Error('No engine was seen to start.');
     // One that has not begun yet has nothing that could be struck, and Firefox tells nobody of its end.
     const isAlive = async () =>
       (await background.navigator.locks.query()).held.some(({ name }) => name === 'lockstep-engine-alive');
     for (let tries = 0; tries < 200 && !(await isAlive()); tries++) {
       await new Promise((resolve) => setTimeout(resolve, 10));
     }
     for (const worker of background.startedWorkers.splice(0)) worker.terminate();`,
  );
}

/** Runs a script with the background page's window in `background`, in a tab of its own. */
async function inBackground(marionette: Marionette, script: string): Promise<void> {
  const { handle } = await marionette.send<{ handle: string }>('WebDriver:NewWindow', {
    type: 'tab',
  });
  await marionette.send('WebDriver:SwitchToWindow', { handle, focus: false });
  await marionette.send('WebDriver:Navigate', { url: `${origin}/offscreen/index.html` });
  try {
    const { value } = await marionette.send<{ value: string | null }>(
      'WebDriver:ExecuteAsyncScript',
      {
        script: `const [done] = arguments;
          browser.runtime.getBackgroundPage()
            .then(async (background) => { ${script} })
            .then(() => done(null), (error) => done(String(error)));`,
        args: [],
        newSandbox: true,
        sandbox: null,
      },
    );
    if (value !== null) throw new Error(value);
  } finally {
    await marionette.send('WebDriver:CloseWindow');
    const [left] = await marionette.send<string[]>('WebDriver:GetWindowHandles');
    if (left !== undefined) {
      await marionette.send('WebDriver:SwitchToWindow', { handle: left, focus: false });
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });
}
