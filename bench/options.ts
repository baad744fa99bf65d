/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';
import type { BrowserName } from './browsers/browser.ts';

const help = (suites: readonly string[]) => `npm run bench -- [options]

Measures Lockstep against the official SDK and the bare bindings; see docs/performance.md.

  --only NAME        one suite of: ${suites.join(', ')} (may be repeated)
  --browser NAME     chromium or firefox (may be repeated; default: both)
  --sizes 50,200     inboxes to measure with, in allowed conversations
  --repeat N         samples of each figure (default 5)
  --json FILE        machine, versions and every sample
  --markdown FILE    the table for docs/performance.md
  --help`;

export interface Options {
  readonly only: readonly string[];
  readonly browsers: readonly BrowserName[];
  /** Null: each suite's own. */
  readonly sizes: readonly number[] | null;
  readonly repeat: number;
  readonly json: string | null;
  readonly markdown: string | null;
}

export class UsageError extends Error {}

/** Null when only help was asked for. Throws UsageError. */
export function parseOptions(args: readonly string[], suites: readonly string[]): Options | null {
  const { values } = parse(args);
  if (values.help) {
    console.log(help(suites));
    return null;
  }
  const unknown = (values.only ?? []).find((name) => !suites.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--only: no suite ${unknown}; there are ${suites.join(', ')}`);
  }
  const browsers = values.browser ?? ['chromium', 'firefox'];
  return {
    only: values.only ?? [],
    browsers: browsers.map((name) => {
      if (name === 'chromium' || name === 'firefox') return name;
      throw new UsageError(`--browser: chromium or firefox, not ${name}`);
    }),
    sizes: values.sizes?.split(',').map((size) => wholeNumber('--sizes', size)) ?? null,
    repeat: wholeNumber('--repeat', values.repeat),
    json: values.json ?? null,
    markdown: values.markdown ?? null,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true },
        browser: { type: 'string', multiple: true },
        sizes: { type: 'string' },
        repeat: { type: 'string', default: '5' },
        json: { type: 'string' },
        markdown: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) {
    throw new UsageError(`${name}: whole numbers from 1, not ${text}`);
  }
  return number;
}
