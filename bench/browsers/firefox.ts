/**
 * Firefox. Marionette installs the extension and opens the first page; then it is silent until the end.
 * It is no debugger: no script of the page is instrumented by it.
 */
import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findFirefox } from '../../scripts/browsers.mjs';
import { Marionette } from '../../tests/support/browsers/marionette.ts';
import { collectorAddress } from '../ports.ts';
import type { BrowserStart, RunningBrowser } from './browser.ts';
import { firefoxAddonId, firefoxUuid } from './extension-id.ts';
import { memoryOf } from './memory.ts';

const marionettePort = 47330;

const preferences: Readonly<Record<string, string | number | boolean>> = {
  'marionette.port': marionettePort,
  'xpinstall.signatures.required': false,
  'extensions.webextensions.uuids': JSON.stringify({ [firefoxAddonId]: firefoxUuid }),
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
  // Nothing measured may depend on which tab is in front.
  'dom.ipc.processPriorityManager.enabled': false,
  'dom.min_background_timeout_value': 4,
  'dom.timeout.enable_budget_timer_throttling': false,
};

export async function startFirefox({ profile, extension }: BrowserStart): Promise<RunningBrowser> {
  await mkdir(profile, { recursive: true });
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  await writeFile(path.join(profile, 'user.js'), `${lines.join('\n')}\n`);
  const child = spawn(
    findFirefox(),
    ['-marionette', '-headless', '-no-remote', '-remote-allow-system-access', '-profile', profile],
    {
      stdio: 'ignore',
      env: { ...process.env, MOZ_HEADLESS_WIDTH: '480', MOZ_HEADLESS_HEIGHT: '3700' },
    },
  );
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const marionette = await Marionette.connect(marionettePort);
  await marionette.send('WebDriver:NewSession', {});
  await marionette.send('WebDriver:SetTimeouts', { pageLoad: 60_000 });
  // Tall enough for fifty rows, whatever the profile remembers.
  await marionette.send('WebDriver:SetWindowRect', { x: 0, y: 0, width: 480, height: 3700 });
  await marionette.send('Addon:Install', { path: extension, temporary: true });
  await marionette.send('WebDriver:Navigate', {
    url: `moz-extension://${firefoxUuid}/bench/index.html?collector=${collectorAddress}`,
  });
  return {
    async close() {
      await marionette.send('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => undefined);
      marionette.close();
      await exited;
    },
    memory: () => memoryOf(child.pid),
  };
}
