/**
 * A page inside the built extension that drives it as the popup does: by commands, and by reading the
 * store. Nothing of the extension knows of it.
 */
import { createCommandClient } from '../../../src/shared/command-client.ts';
import { openStoreReader } from '../../../src/store/read.ts';
import { serve } from '../agent.ts';
import type { Person } from '../protocol.ts';
import { fill } from './fill.ts';
import { requestHistory } from './history.ts';
import { closePopup, openPopup, openStill } from './popup.ts';
import { ring } from './ring.ts';
import { countStored } from './stored.ts';
import { sync } from './sync.ts';
import { closeOtherTabs, openTab } from './tabs.ts';
import { until } from './until.ts';

/** Whoever opened this page said where it asks for its actions. */
const collector = new URLSearchParams(location.search).get('collector') ?? '';

const send = createCommandClient((message) => chrome.runtime.sendMessage(message));
const reader = openStoreReader();

/** Both browsers hold this while the engine's worker lives (src/background/platform/engine-lock.ts). */
async function workerLives(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === 'lockstep-engine-alive');
}

async function setUp({ privateKey, node, history }: Person): Promise<void> {
  const network = { kind: 'custom' as const, nodeUrl: node, historyUrl: history };
  await send('createAccount', { network, privateKey, keep: null });
  await until('the inbox', async () => (await reader.account())?.phase === 'ready');
  // Nothing may start by itself while something is measured.
  await send('updateSettings', { patch: { syncInterval: null } });
  await until('the first sync', async () => {
    const run = await reader.lastEndedRun();
    return run?.state === 'complete' && (await reader.activeRun()) === null;
  });
}

void closeOtherTabs().then(() =>
  serve(collector, 'lockstep', {
    async setUp(person) {
      await setUp(person);
      return null;
    },
    sync: (query) => sync(send, reader, query),
    ring: () => ring(send, reader),
    async drop() {
      const start = performance.now();
      await send('dropDatabase', {});
      await until('the engine to end', async () => !(await workerLives()), 2);
      return performance.now() - start;
    },
    async setIdleClose({ seconds }) {
      await send('updateSettings', { patch: { idleClose: seconds } });
      return null;
    },
    requestHistory: (query) => requestHistory(send, reader, query),
    countStored: () => countStored(reader),
    async engine() {
      return {
        worker: await workerLives(),
        offscreenDocument:
          'offscreen' in chrome &&
          (await chrome.runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] })).length > 0,
      };
    },
    async fill(size) {
      await fill(size);
      return null;
    },
    openPopup,
    openStill,
    async closePopup() {
      await closePopup();
      return null;
    },
    async openTab({ url }) {
      await openTab(url);
      return null;
    },
    async closeTab() {
      await closeOtherTabs();
      return null;
    },
  }),
);
