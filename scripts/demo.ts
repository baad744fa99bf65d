/**
 * `npm start`: a local network, people who talk, a browser with Lockstep in it, set up and synced.
 * With `--exit` it makes one whole pass by itself and ends.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PortInUse, startLocalNetwork, type LocalNetwork } from '../network/index.ts';
import { populate, type Population } from '../network/population/population.ts';
import { launch, type Driver } from '../tests/support/driver/driver.ts';
import type { ShownRun } from '../tests/support/pages/reading.ts';
import { until } from '../tests/support/until.ts';
import { buildExtensions } from './build.ts';

const help = `npm start -- [--browser chromium|firefox] [--exit] [--headless]

Starts a local XMTP network with people on it, builds Lockstep and opens a browser with it, set up
with a fresh local account.

  --browser NAME  chromium (default) or firefox
  --exit          one whole pass, with screenshots, then end
  --headless      no window, also where there is a display`;

const { values } = parseArgs({
  options: {
    browser: { type: 'string', default: 'chromium' },
    exit: { type: 'boolean', default: false },
    headless: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
const { browser } = values;
if (browser !== 'chromium' && browser !== 'firefox') {
  console.error(`There is no browser ${browser}; there are chromium and firefox.`);
  process.exit(2);
}

const hasDisplay =
  process.platform === 'win32' ||
  process.platform === 'darwin' ||
  Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
const headless = values.exit || values.headless || !hasDisplay;
if (!hasDisplay && !values.headless)
  console.log('There is no display, so the browser runs headless.');

const output = path.join(import.meta.dirname, '../output', `start-${browser}`);

async function main(): Promise<void> {
  const network = await startLocalNetwork();
  const hosts = { node: network.addresses.grpcWeb, history: network.addresses.history };
  console.log('Local network:');
  for (const [name, address] of Object.entries(network.addresses)) {
    console.log(`  ${name.padEnd(8)} ${address}`);
  }
  console.log('People are getting to know each other, and Lockstep is being built …');
  const [population] = await Promise.all([
    populate({
      ...hosts,
      control: network.control,
      conversations: 8,
      strangers: 4,
      messages: 6,
      seed: 20,
    }),
    buildExtensions(),
  ]);
  const driver = await launch(browser === 'firefox' ? 'firefox' : 'chromium', { hosts, headless });
  try {
    await firstPass(driver, population);
    if (values.exit) await secondPass(driver, population);
    else await keepTalking(driver, network, population);
  } finally {
    await driver.close().catch(() => undefined);
    await network.stop();
  }
}

async function firstPass(driver: Driver, population: Population): Promise<void> {
  const privateKey = Buffer.from(population.phone.privateKey).toString('hex');
  const me = await driver.createAccount({ privateKey });
  console.log(`\nInbox        ${me.inboxId}`);
  console.log(`Address      ${me.address}`);
  console.log(`Installation ${me.installationId}`);
  await population.welcome();
  printRun('First sync', await driver.syncAll());
  // libxmtp takes up what other installations allow beside the sync that brought it, or just after.
  await until('whom the other installation allows', async () => {
    if ((await driver.conversations()).length > 0) return true;
    printRun('Another sync', await driver.syncAll());
    return false;
  });
  const [conversations, requests] = [await driver.conversations(), await driver.requests()];
  console.log(`${conversations.length} conversations, ${requests.length} requests from strangers.`);
  expect(
    conversations.length === population.allowed.length,
    'every friend’s conversation is there',
  );
  expect(requests.length === population.unknown.length, 'every stranger waits as a request');
}

async function secondPass(driver: Driver, population: Population): Promise<void> {
  const { conversationId, text } = await population.say();
  printRun('Second sync', await driver.syncAll());
  await until('the new message', async () =>
    (await driver.messages(conversationId)).some((message) => message.text === text),
  );
  await driver.send(conversationId, 'Hello from Lockstep');
  await mkdir(output, { recursive: true });
  const views = {
    conversations: '#/',
    requests: '#/requests',
    conversation: `#/conversation/${conversationId}`,
    activity: '#/activity',
    history: '#/history',
    backups: '#/backups',
    settings: '#/settings',
  };
  for (const [name, hash] of Object.entries(views)) {
    await driver.screenshot(`popup/index.html${hash}`, path.join(output, `${name}.png`));
  }
  console.log(`\nScreenshots: ${output}`);
}

async function keepTalking(
  driver: Driver,
  network: LocalNetwork,
  population: Population,
): Promise<void> {
  await driver.setInterval(30);
  await driver.page.goto('popup/index.html');
  console.log(
    '\nLockstep syncs every 30 seconds now. Somebody writes now and then; Ctrl+C ends it.',
  );
  const stop = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  let isOver = false;
  void stop.then(() => {
    isOver = true;
  });
  while (!isOver) {
    const pause = new Promise((resolve) => setTimeout(resolve, 15_000));
    await Promise.race([stop, pause]);
    if (isOver || !(await network.control.status()).serving) break;
    await population.syncPhone();
    const { text } = await population.say();
    console.log(`Somebody wrote: ${text}`);
  }
}

function printRun(name: string, { state, error, failures, summary }: ShownRun): void {
  console.log(`\n${name}: ${state}${error === null ? '' : ` (${error})`}`);
  for (const [field, value] of Object.entries(summary ?? {})) {
    console.log(`  ${field.padEnd(21)} ${value ?? '–'}`);
  }
  for (const { code, conversationId } of failures) {
    console.log(`  failed: ${code} ${conversationId ?? ''}`);
  }
  expect(state === 'complete', `${name} is complete`);
}

function expect(condition: boolean, what: string): void {
  if (!condition) throw new Error(`Expected that ${what}.`);
}

try {
  await main();
  process.exit(0);
} catch (error) {
  console.error(error instanceof PortInUse ? error.message : error);
  process.exit(1);
}
