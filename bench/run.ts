/** `npm run bench`: builds, measures, says how it compares. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { buildAll } from './build.ts';
import { parseOptions, UsageError, type Options } from './options.ts';
import { paths } from './paths.ts';
import { describeMachine } from './report/machine.ts';
import type { Row } from './report/row.ts';
import { markdown, table } from './report/text.ts';
import { suites } from './suites/index.ts';
import type { Suite } from './suites/suite.ts';

async function measure(options: Options): Promise<readonly Row[]> {
  const chosen = suites.filter(
    ({ name }) => options.only.length === 0 || options.only.includes(name),
  );
  const rows: Row[] = [];
  const run = async (suite: Suite, browser: Options['browsers'][number], label: string) => {
    const began = performance.now();
    console.log(`\n${label} …`);
    const measured = await suite.run({ options, browser });
    rows.push(...measured);
    if (measured.length > 0) console.log(table(measured));
    console.log(`${label} took ${Math.round((performance.now() - began) / 1000)} s`);
  };
  for (const suite of chosen) {
    if (!suite.needsBrowser) await run(suite, 'chromium', suite.name);
  }
  for (const browser of options.browsers) {
    for (const suite of chosen) {
      if (suite.needsBrowser) await run(suite, browser, `${suite.name} in ${browser}`);
    }
  }
  return rows;
}

try {
  const options = parseOptions(
    process.argv.slice(2),
    suites.map(({ name }) => name),
  );
  if (options !== null) {
    await mkdir(paths.cache, { recursive: true });
    await buildAll();
    const machine = describeMachine(options.browsers);
    const rows = await measure(options);
    await rm(paths.work, { recursive: true, force: true });
    console.log(`\n${table(rows)}`);
    if (options.json !== null) {
      await writeFile(options.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
    }
    if (options.markdown !== null) await writeFile(options.markdown, `${markdown(rows)}\n`);
  }
  process.exit(0);
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error);
  process.exit(1);
}
