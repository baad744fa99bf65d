/** Builds what is measured: the extension as it ships with one page more, and the contestants' pages. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type InlineConfig } from 'vite';
import { buildExtensions } from '../scripts/build.ts';
import { measuredBrowsers, type BrowserName } from './browsers/browser.ts';
import { extensionKey } from './browsers/extension-id.ts';
import { collectorAddress } from './ports.ts';
import { paths } from './paths.ts';

const sdk = path.join(paths.bench, 'official-sdk');

/** The official SDK, once: it is no dependency of Lockstep's. */
function ensureOfficialSdk(): void {
  if (existsSync(path.join(sdk, 'node_modules/@xmtp/browser-sdk'))) return;
  console.log('Installing the official SDK …');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], {
    cwd: sdk,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) throw new Error('The official SDK could not be installed; npm says why above.');
}

const common = {
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
} satisfies InlineConfig;

const target = ['chrome120', 'firefox128'];

async function buildContestants(): Promise<void> {
  const pages = path.join(paths.bench, 'pages');
  const nothing = path.join(sdk, 'nothing/index.js');
  await build({
    ...common,
    root: pages,
    base: '/',
    resolve: {
      alias: [
        {
          find: '@xmtp/browser-sdk',
          replacement: path.join(sdk, 'node_modules/@xmtp/browser-sdk'),
        },
        { find: /^viem(\/accounts)?$/, replacement: nothing },
      ],
    },
    worker: { format: 'es' },
    build: {
      outDir: paths.pages,
      emptyOutDir: true,
      target,
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: ['sdk', 'bindings'].map((name) => path.join(pages, name, 'index.html')),
      },
    },
  });
}

/** Lockstep's own files stay byte for byte what ships; only the manifest learns of the page. */
async function buildMeasuredExtension(browser: BrowserName): Promise<void> {
  const folder = path.join(paths.extension, browser);
  await rm(folder, { recursive: true, force: true });
  await cp(path.join(paths.dist, browser === 'chromium' ? 'chrome' : 'firefox'), folder, {
    recursive: true,
  });
  const pages = path.join(paths.bench, 'pages/lockstep');
  await build({
    ...common,
    root: pages,
    base: '/bench/',
    build: {
      outDir: path.join(folder, 'bench'),
      emptyOutDir: true,
      target,
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: ['index', 'still'].map((name) => path.join(pages, `${name}.html`)),
      },
    },
  });
  const file = path.join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  const more =
    browser === 'chromium'
      ? {
          key: extensionKey,
          // Chromium starts on a page of the collector's, which goes there.
          web_accessible_resources: [
            { resources: ['bench/*'], matches: [`${new URL(collectorAddress).origin}/*`] },
          ],
        }
      : {};
  await writeFile(file, JSON.stringify({ ...manifest, ...more }));
}

export async function buildAll(): Promise<void> {
  ensureOfficialSdk();
  await buildExtensions();
  await buildContestants();
  for (const browser of measuredBrowsers) await buildMeasuredExtension(browser);
}
