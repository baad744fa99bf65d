import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as read from '../../support/pages/reading.ts';
import { until } from '../../support/until.ts';
import { openWorld, type World } from '../../support/world.ts';

let world: World;
let profile: string;
beforeEach(async () => {
  profile = await mkdtemp(path.join(tmpdir(), 'lockstep-first-run-'));
  world = await openWorld({ profile });
});
afterEach(async () => {
  await world.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
});

const text = (selector: string) => world.driver.page.evaluate(textOf, selector);
function textOf(selector: string): string {
  return document.querySelector(selector)?.textContent ?? '';
}

test('1: the first page says what Lockstep is in one sentence, and offers three ways and every network', async () => {
  const { page } = world.driver;
  await page.goto('pages/setup/index.html');
  await until('the page', () => page.evaluate(read.exists, '[data-testid=way-wallet]'));
  const sentences = (await text('[data-testid=ways] > .lead')).split('.').filter(Boolean);
  expect(sentences).toHaveLength(1);
  for (const way of ['wallet', 'key', 'new']) {
    expect(await page.evaluate(read.exists, `[data-testid=way-${way}]`)).toBe(true);
  }
  await page.click('[data-testid=other-networks] summary');
  for (const network of ['production', 'dev', 'local', 'own']) {
    expect(await page.evaluate(read.exists, `[data-testid=network-${network}]`)).toBe(true);
  }
});

test('1: wrong hosts and keys are refused in words, and nothing is started', async () => {
  const { page } = world.driver;
  await page.goto('pages/setup/index.html');
  await page.click('[data-testid=other-networks] summary');
  await page.click('[data-testid=network-own]');
  await page.fill('[data-testid=host-node]', 'localhost:5557');
  await page.click('[data-testid=way-key]');
  await page.fill('[data-testid=private-key]', 'nonsense');
  await page.click('[data-testid=create-account]');
  await until('the problems', async () => (await text('main')).includes('64 hex digits (0'));
  expect(await text('main')).toContain('This is not an address');
  expect(await text('main')).toContain('Enter an address');
  expect(await page.evaluate(read.setupPhase)).toBe('choose');

  await page.fill('[data-testid=host-node]', world.hosts.node);
  await page.fill('[data-testid=host-history]', world.hosts.history);
  await page.fill('[data-testid=private-key]', '0'.repeat(64));
  await page.click('[data-testid=create-account]');
  await until('the background to refuse the key', async () =>
    (await page.evaluate(read.setupFailure))?.startsWith('bad_private_key'),
  );
});

test('1: registration shows progress, survives a reload and a killed background half-way', async () => {
  const { driver, network } = world;
  // Never arrives: one that arrives after its sender's death registers an installation that has no keys.
  await network.control.addFault({
    method: 'PublishIdentityUpdate',
    times: 1,
    effect: { kind: 'hang' },
  });
  await driver.startAccount();
  await until('the last step', async () =>
    driver.page.evaluate(read.exists, '[data-testid=registration][data-step=registering]'),
  );
  // The step is shown before its call goes out: killed in between, the fault would meet the next life's.
  await until('the call that hangs', async () => {
    const { PublishIdentityUpdate: sent } = await network.control.counters();
    return (sent?.calls ?? 0) > 0;
  });
  await driver.page.reload();
  await until('the progress again', () =>
    driver.page.evaluate(read.exists, '[data-testid=registration]'),
  );
  await driver.killBackground();
  await driver.page.reload();
  await until(
    'the inbox to be ready',
    async () => (await driver.page.evaluate(read.setupPhase)) === 'ready',
    60_000,
  );
  const { inboxId, installationId } = await driver.identity();
  const peer = await world.newPeer();
  const state = await peer.client.getLatestInboxState(inboxId);
  expect(state.installations.map(({ id }) => id)).toEqual([installationId]);
});

test('1: without a network the set-up says so, and goes on when it is back', async () => {
  const { driver, network } = world;
  await network.control.stopServing();
  await driver.startAccount();
  await until(
    'the failure',
    async () => (await driver.page.evaluate(read.setupFailure))?.startsWith('network_unreachable'),
    60_000,
  );
  await network.control.resumeServing();
  await driver.page.click('[data-testid=retry-registration]');
  await until('the inbox', async () => (await driver.page.evaluate(read.setupPhase)) === 'ready');
});
