/**
 * Chromium as a plain process: no remote debugging, neither by port nor by pipe. It loads the extension
 * by flag and opens one page, which asks the collector for everything else.
 */
import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findChromium } from '../../scripts/browsers.mjs';
import { collectorAddress } from '../ports.ts';
import type { BrowserStart, RunningBrowser } from './browser.ts';
import { chromiumId } from './extension-id.ts';
import { memoryOf } from './memory.ts';

export const chromiumStartUrl = () =>
  `chrome-extension://${chromiumId()}/bench/index.html?collector=${collectorAddress}`;

export async function startChromium({ profile, extension }: BrowserStart): Promise<RunningBrowser> {
  await forgetBackground(profile, extension);
  const child = spawn(
    findChromium(),
    [
      '--headless=new',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-search-engine-choice-screen',
      '--mute-audio',
      // Nothing measured may depend on which tab is in front.
      '--disable-renderer-backgrounding',
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      // Tall enough for fifty rows.
      '--window-size=480,3700',
      `--user-data-dir=${profile}`,
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
      `${collectorAddress}/start`,
    ],
    { stdio: 'ignore' },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    async close() {
      child.kill('SIGTERM');
      await exited;
    },
    memory: () => memoryOf(child.pid),
  };
}

/**
 * Chromium keeps a service worker's script in the profile and goes on with it while the extension's
 * version is the same: a saved profile would bring the background of an older build along. So it is
 * taken out, and another version makes Chromium register what is there today.
 */
async function forgetBackground(profile: string, extension: string): Promise<void> {
  await rm(path.join(profile, 'Default/Service Worker'), { recursive: true, force: true });
  const file = path.join(extension, 'manifest.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { version: string };
  const [major, minor, patch] = manifest.version.split('.');
  const seconds = Math.floor(Date.now() / 1000) % 65_536;
  const version = [major, minor, patch, seconds].join('.');
  await writeFile(file, JSON.stringify({ ...manifest, version }));
}
