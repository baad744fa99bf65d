/**
 * Runs the end-to-end tests: `npm run e2e -- [--area NAME]… [--browser chromium|firefox]…`. Without
 * options, every area in both browsers. Ends with a line `N passed, N failed`.
 *
 * Two browsers run beside each other, each in a process of its own with its own network: the tests wait
 * more than they work, so two cores are enough for both.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';
import { buildExtensions } from '../../scripts/build.ts';

const root = path.join(import.meta.dirname, '../..');
const browsers = ['chromium', 'firefox'] as const;
/** Needs no browser: official clients talk to the local network over its sockets. */
const withoutBrowser = 'network';

const areas = [
  ...(existsSync(path.join(root, 'tests/network')) ? [withoutBrowser] : []),
  ...readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name),
];

const { values } = parseArgs({
  options: {
    area: { type: 'string', multiple: true, default: areas },
    browser: { type: 'string', multiple: true, default: [...browsers] },
    /** Only tests whose name contains this. */
    name: { type: 'string' },
    /** The extensions are built already. */
    built: { type: 'boolean', default: false },
  },
});

for (const area of values.area) {
  if (!areas.includes(area)) fail(`There is no area ${area}; there are ${areas.join(', ')}.`);
}
for (const browser of values.browser) {
  if (!browsers.some((known) => known === browser)) {
    fail(`There is no browser ${browser}; there are ${browsers.join(', ')}.`);
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

interface Count {
  readonly passed: number;
  readonly failed: number;
}

async function run(folder: string, browser: string | null): Promise<Count> {
  console.log(`\n── ${folder}${browser === null ? '' : ` in ${browser}`}`);
  if (browser !== null) process.env['LOCKSTEP_BROWSER'] = browser;
  const vitest = await startVitest('test', [], {
    root,
    config: false,
    watch: false,
    run: true,
    include: [`${folder}/**/*.test.ts`],
    exclude: [],
    // One test at a time in each browser: two of them make each other's time-outs.
    fileParallelism: false,
    // What is shown at a failure is looked at before the test's own end closes it.
    sequence: { hooks: 'list' },
    ...(browser === null ? {} : { setupFiles: ['tests/support/browsers/on-failure.ts'] }),
    pool: 'forks',
    testTimeout: 180_000,
    hookTimeout: 180_000,
    reporters: ['verbose'],
    ...(values.name === undefined ? {} : { testNamePattern: values.name }),
  });
  const tests = vitest.state.getFiles().flatMap((file) => collect(file));
  const broken = vitest.state
    .getFiles()
    .filter((file) => file.result?.state === 'fail' && collect(file).every(isNotFailed)).length;
  const unhandled = vitest.state.getUnhandledErrors().length;
  await vitest.close();
  return {
    passed: tests.filter(({ result }) => result?.state === 'pass').length,
    failed: tests.filter(({ result }) => result?.state === 'fail').length + broken + unhandled,
  };
}

type Task = {
  readonly type: string;
  readonly result?: { readonly state: string };
  readonly tasks?: readonly Task[];
};

function collect(task: Task): Task[] {
  return task.type === 'test' ? [task] : (task.tasks ?? []).flatMap((inner) => collect(inner));
}

function isNotFailed({ result }: Task): boolean {
  return result?.state !== 'fail';
}

const browserAreas = values.area.filter((area) => area !== withoutBrowser);

/** Runs this program for one browser, with each of its lines marked. */
function runBeside(browser: string): Promise<Count> {
  const options = [
    ...browserAreas.flatMap((area) => ['--area', area]),
    ...(values.name === undefined ? [] : ['--name', values.name]),
  ];
  const child = spawn(
    process.execPath,
    [...process.execArgv, import.meta.filename, '--built', '--browser', browser, ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let count: Count | null = null;
  createInterface({ input: child.stdout }).on('line', (line) => {
    console.log(`${browser.padEnd(8)} │ ${line}`);
    const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(line) ?? [];
    if (passed !== undefined) count = { passed: Number(passed), failed: Number(failed) };
  });
  return new Promise((resolve) => {
    // A process that ended before it counted has failed, whatever it had passed.
    child.on('close', () => resolve(count ?? { passed: 0, failed: 1 }));
  });
}

const counts: Count[] = [];
if (browserAreas.length > 0 && !values.built) await buildExtensions();
if (values.area.includes(withoutBrowser)) counts.push(await run('tests/network', null));
const [alone, ...others] = values.browser;
if (others.length > 0 && browserAreas.length > 0) {
  counts.push(...(await Promise.all(values.browser.map((browser) => runBeside(browser)))));
} else if (alone !== undefined) {
  for (const area of browserAreas) counts.push(await run(`tests/e2e/${area}`, alone));
}
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
