/**
 * `npm run kills -- --browser chromium --count 50 [--seed N] [--faults]`: the kill campaign of
 * docs/reliability.md. Prints each blow and ends with the numbers; any loss ends it with an error.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runKills, type KillKind } from '../tests/support/faults/kills.ts';
import { buildLab } from '../tests/support/lab/build.ts';
import { buildExtensions } from './build.ts';

const { values } = parseArgs({
  options: {
    browser: { type: 'string', default: 'chromium' },
    count: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    /** Failing, short and half-written raw writes instead of kills. */
    faults: { type: 'boolean', default: false },
    /** No further kill after so long. */
    seconds: { type: 'string' },
    /** An unpacked extension that was built before. */
    extension: { type: 'string' },
  },
});
const { browser } = values;
if (browser !== 'chromium' && browser !== 'firefox') {
  console.error(`There is no browser ${browser}; there are chromium and firefox.`);
  process.exit(2);
}

/** The engine most often: it is what writes. Starting a browser again takes seconds. */
const kills: readonly KillKind[] = [
  ...Array<KillKind>(6).fill('engine'),
  ...Array<KillKind>(3).fill('background'),
  'renderer',
  'browser',
];
const faults: readonly KillKind[] = ['short', 'torn', 'refused', 'flush'];

let extension = values.extension === undefined ? undefined : path.resolve(values.extension);
if (extension === undefined) {
  await buildExtensions();
  if (values.faults) extension = await buildLab(browser);
}
const started = Date.now();
const seconds = () => Math.round((Date.now() - started) / 1000);
const { kills: done, messages } = await runKills({
  browser,
  count: Number(values.count),
  seed: Number(values.seed),
  ...(values.seconds === undefined ? {} : { milliseconds: Number(values.seconds) * 1000 }),
  kinds: values.faults ? faults : kills,
  ...(extension === undefined ? {} : { extension }),
  onKill: ({ kind, during, missed, hotJournal }, index) => {
    const notes = `${missed ? ', nothing was there' : ''}${hotJournal ? ', hot journal' : ''}`;
    console.log(`${index + 1} (${seconds()} s): ${kind} during ${during}${notes}`);
  },
});

const count = (matches: (kill: (typeof done)[number]) => boolean) => done.filter(matches).length;
const kinds = [...new Set(done.map(({ kind }) => kind))];
console.log(
  JSON.stringify({
    browser,
    kills: done.length,
    missed: count(({ missed }) => missed),
    hotJournals: count(({ hotJournal }) => hotJournal),
    byKind: Object.fromEntries(kinds.map((kind) => [kind, count((one) => one.kind === kind)])),
    messages,
    seconds: seconds(),
    corruptions: 0,
  }),
);
process.exit(0);
