/** Nothing outside the repository explains it, and what its texts refer to exists. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  brokenReferences,
  headingsOf,
  repositoryAt,
  type Repository,
} from '../../../scripts/references.ts';

const root = path.join(import.meta.dirname, '../../..');

/** This test and its program quote what is wrong. */
const exempt = ['scripts/references.ts', 'tests/unit/scripts/references.test.ts'];

test('every reference in documents and comments resolves', () => {
  const repository = repositoryAt(root);
  const files = execFileSync('git', ['ls-files', '--', '*.md', '*.ts', '*.tsx', '*.mjs', '*.css'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '' && !exempt.includes(file) && repository.exists(file));
  const problems = files.flatMap((file) =>
    brokenReferences({ file, text: repository.read(file) }, repository),
  );
  expect(problems).toEqual([]);
});

const files: Readonly<Record<string, string>> = {
  'docs/a.md': '# One\n\n## What it *does*, and why\n\n```sh\n# no heading\n```\n',
  'scripts/tool.ts': "import { options } from './options.ts';",
  'scripts/options.ts': "parseArgs({ options: { size: { type: 'string' } } })",
};
const repository: Repository = {
  exists: (file) => file in files,
  read: (file) => files[file] ?? '',
  scripts: { tool: 'node scripts/with-packages.mjs tsx scripts/tool.ts' },
};

test.each([
  ['src/a.ts', '// (docs/a.md#one)', []],
  ['src/a.ts', '// (docs/a.md#two)', ['src/a.ts: no heading #two in docs/a.md']],
  ['src/a.ts', '// see docs/b.md', ['src/a.ts: no file docs/b.md']],
  ['src/a.ts', '// (trap A)', ['src/a.ts: trap A is not in this repository']],
  ['src/a.ts', '// ../shared/facts.md', ['src/a.ts: ../shared/facts.md is not in this repository']],
  ['docs/a.md', '[x](#what-it-does-and-why)', []],
  ['docs/a.md', '[x](#elsewhere)', ['docs/a.md: no heading #elsewhere in docs/a.md']],
  ['docs/b.md', '[x](a.md) [y](https://xmtp.org)', []],
  ['docs/b.md', '[x](../README.md)', ['docs/b.md: no file README.md']],
  ['docs/b.md', '`scripts/gone.ts`', ['docs/b.md: no file scripts/gone.ts']],
  ['docs/b.md', 'npm run tool -- --size 3', []],
  ['docs/b.md', 'npm run tool -- --shape 3', ['docs/b.md: scripts/tool.ts has no option --shape']],
  ['docs/b.md', '`npm run gone`', ['docs/b.md: no command npm run gone']],
  ['docs/b.md', 'npx tsx scripts/gone.ts', ['docs/b.md: no program scripts/gone.ts']],
])('%s: %s', (file, text, problems) => {
  expect(brokenReferences({ file, text }, repository)).toEqual(problems);
});

test('headings get the anchors that GitHub gives them', () => {
  expect([...headingsOf(files['docs/a.md'] ?? '')]).toEqual(['one', 'what-it-does-and-why']);
});
