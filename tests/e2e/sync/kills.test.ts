/** A short kill campaign; the long one is `npm run kills` (docs/reliability.md). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as beneath from '../../support/faults/beneath.ts';
import { runKills } from '../../support/faults/kills.ts';
import { buildLab } from '../../support/lab/build.ts';
import type { DiskStep } from '../../support/lab/protocol.ts';
import { browserName, dmWith, openHome, type Home } from '../../support/world.ts';

let extension: string;
beforeAll(async () => {
  extension = await buildLab(browserName);
});

test('whatever is killed in the middle of its work, the database is whole and every message there once', async () => {
  const { kills } = await runKills({
    browser: browserName,
    count: 10,
    seed: 7,
    kinds: ['engine', 'engine', 'engine', 'background'],
  });
  expect(kills).toHaveLength(10);
  expect(kills.filter(({ missed }) => !missed).length).toBeGreaterThan(0);
});

test('a write that fails, falls short or is torn ends the engine, and its successor recovers', async () => {
  const { kills } = await runKills({
    browser: browserName,
    count: 4,
    seed: 3,
    kinds: ['short', 'torn', 'refused', 'flush'],
    extension,
  });
  expect(kills).toHaveLength(4);
});

/** What write coalescing rests on (src/engine/opfs/coalesced-file.ts); an upgrade may change it. */
let home: Home | null = null;
afterAll(() => home?.close());
test('libxmtp writes in the order that holding writes back relies on', async () => {
  home = await openHome({ extension });
  const { driver, me } = home;
  // Open, so that something listens.
  await driver.page.evaluate(beneath.command, 'reconnectDatabase', {});
  await driver.page.evaluate(beneath.lab, { ask: 'record' } as const);
  const dm = await dmWith(await home.newPeer(), me.inboxId, ['recorded']);
  await driver.syncAll(['allowed', 'unknown']);
  await driver.setConsent(dm.id(), 'allowed');
  await driver.syncAll();
  const answer = await driver.page.evaluate(beneath.lab, { ask: 'recording' } as const);
  const transactions = transactionsIn(answer?.steps ?? []);
  expect(transactions.length).toBeGreaterThan(5);
  for (const steps of transactions) expectOrder(steps);
});

const isJournal = ({ path }: DiskStep) => path.endsWith('-journal');
const isDatabase = ({ path }: DiskStep) => path.endsWith('.db3');
const changes = ({ operation, at }: DiskStep) => operation === 'write' && at >= 4096;
const commits = (step: DiskStep) =>
  isJournal(step) && step.operation === 'truncate' && step.at === 4096;

/** The steps up to and including each commit that wrote to the database. */
function transactionsIn(steps: readonly DiskStep[]): DiskStep[][] {
  const transactions: DiskStep[][] = [[]];
  for (const step of steps) {
    transactions.at(-1)?.push(step);
    if (commits(step)) transactions.push([]);
  }
  return transactions
    .slice(0, -1)
    .filter((one) => one.some((step) => isDatabase(step) && changes(step)));
}

function expectOrder(steps: readonly DiskStep[]): void {
  const at = (matches: (step: DiskStep) => boolean) => steps.findIndex(matches);
  const last = (matches: (step: DiskStep) => boolean) => steps.findLastIndex(matches);
  const journalWritten = at((step) => isJournal(step) && changes(step));
  const journalFlushed = at((step) => isJournal(step) && step.operation === 'flush');
  const firstPage = at((step) => isDatabase(step) && changes(step));
  const lastPage = last((step) => isDatabase(step) && changes(step));
  const databaseFlushed = last((step) => isDatabase(step) && step.operation === 'flush');
  const shown = JSON.stringify(
    steps.map(({ path, ...step }) => ({ ...step, path: path.slice(-12) })),
  );
  expect(journalWritten, shown).toBeGreaterThanOrEqual(0);
  expect(journalFlushed, shown).toBeGreaterThan(journalWritten);
  expect(firstPage, shown).toBeGreaterThan(journalFlushed);
  expect(databaseFlushed, shown).toBeGreaterThan(lastPage);
  expect(steps.length - 1, shown).toBeGreaterThan(databaseFlushed);
}
