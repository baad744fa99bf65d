/**
 * `npm run history -- --browser firefox --conversations 1000 [--messages 4]`: a large history goes from a
 * phone to Lockstep. Prints what a person sees meanwhile, and ends with the numbers; an error if the two
 * sides differ afterwards.
 */
import { parseArgs } from 'node:util';
import { loadHistory } from '../tests/support/history-load.ts';
import { buildExtensions } from './build.ts';

const { values } = parseArgs({
  options: {
    browser: { type: 'string', default: 'chromium' },
    conversations: { type: 'string', default: '1000' },
    messages: { type: 'string', default: '4' },
  },
});
const { browser } = values;
if (browser !== 'chromium' && browser !== 'firefox') {
  console.error(`There is no browser ${browser}; there are chromium and firefox.`);
  process.exit(2);
}

await buildExtensions();
const { there, here, said, took, slowestAnswer } = await loadHistory({
  browser,
  conversations: Number(values.conversations),
  messages: Number(values.messages),
  onProgress: (line) => console.log(line),
});
const sum = (counts: ReadonlyMap<string, number>) =>
  [...counts.values()].reduce((a, b) => a + b, 0);
const differing = [...there].filter(([id, count]) => here.get(id) !== count).length;
console.log(
  JSON.stringify({
    browser,
    conversations: { there: there.size, here: here.size, differing },
    messages: { there: sum(there), here: sum(here) },
    seconds: Math.round(took / 100) / 10,
    progressLines: said.length,
    slowestAnswerMilliseconds: Math.round(slowestAnswer),
  }),
);
process.exit(differing === 0 && there.size === here.size ? 0 : 1);
