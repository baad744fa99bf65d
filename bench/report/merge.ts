/**
 * One table of several runs: `npx tsx bench/report/merge.ts a.json b.json`. Large inboxes take so long
 * that nobody measures everything at once. Where two runs have the same row, the later file's counts.
 */
import { readFile } from 'node:fs/promises';
import type { Machine } from './machine.ts';
import type { Row } from './row.ts';
import { markdown } from './text.ts';

interface Report {
  readonly machine: Machine;
  readonly rows: readonly (Omit<Row, 'series'> & {
    /** JSON has no NaN: what was not there to be measured is null. */
    readonly series: readonly {
      readonly name: string;
      readonly values: readonly (number | null)[];
    }[];
  })[];
}

const rows = new Map<string, Row>();
for (const file of process.argv.slice(2)) {
  const { rows: found } = JSON.parse(await readFile(file, 'utf8')) as Report;
  for (const { series, ...row } of found) {
    const numbers = series.map(({ name, values }) => ({
      name,
      values: values.map((value) => value ?? Number.NaN),
    }));
    rows.set([row.browser, row.what, row.load].join('\n'), { ...row, series: numbers });
  }
}
const suites = [...new Set([...rows.values()].map(({ suite }) => suite))];
const inOrder = suites.flatMap((name) => [...rows.values()].filter(({ suite }) => suite === name));
console.log(markdown(inOrder));
