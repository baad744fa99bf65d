/** What the popup loads before it can paint: its page, and all scripts and styles it imports eagerly. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { paths } from '../paths.ts';
import type { Suite } from './suite.ts';

export const firstLoad: Suite = {
  name: 'first-load',
  needsBrowser: false,
  async run() {
    const files = await eagerFiles('popup/index.html');
    const sizes = await Promise.all(
      files.map(async (file) => gzipSync(await read(file), { level: 9 }).length),
    );
    const total = sizes.reduce((sum, size) => sum + size, 0) / 1000;
    return [
      {
        suite: 'first-load',
        browser: null,
        what: "popup's first load, gzipped",
        load: `${files.length} files`,
        unit: 'kB',
        series: [{ name: 'Lockstep', values: [total] }],
        targets: [{ kind: 'value', of: 'Lockstep', atMost: 40 }],
      },
    ];
  },
};

const read = (file: string) => readFile(path.join(paths.dist, 'chrome', file));

async function eagerFiles(page: string): Promise<readonly string[]> {
  const html = (await read(page)).toString();
  const found = new Set([page]);
  const named = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(
    ([, file]) => file!,
  );
  for (const file of named) await follow(file, found);
  return [...found];
}

/** Dynamic imports are not followed: they wait until they are needed. */
async function follow(file: string, found: Set<string>): Promise<void> {
  if (found.has(file)) return;
  found.add(file);
  if (!file.endsWith('.js')) return;
  const source = (await read(file)).toString();
  for (const [, imported] of source.matchAll(/(?:\bfrom|\bimport)\s*"(\.[^"]+)"/g)) {
    await follow(path.posix.join(path.posix.dirname(file), imported!), found);
  }
}
