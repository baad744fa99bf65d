/** Builds unpacked extensions into dist/chrome and dist/firefox. */
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';
import { copyLocales } from './locales.ts';
import { manifestFor, type BrowserName, type Manifest } from './manifest.ts';

const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
const built = path.join(dist, 'extension');
const browsers: readonly BrowserName[] = ['chrome', 'firefox'];

export async function buildExtensions(): Promise<void> {
  await build({ configFile: path.join(root, 'vite.config.ts'), logLevel: 'warn' });
  const source = await readFile(path.join(root, 'manifest.json'), 'utf8');
  const manifest = JSON.parse(source) as Manifest;
  for (const browser of browsers) {
    const target = path.join(dist, browser);
    await rm(target, { recursive: true, force: true });
    await mkdir(target, { recursive: true });
    await cp(built, target, { recursive: true });
    await cp(path.join(root, 'src/icons'), path.join(target, 'icons'), {
      recursive: true,
      filter: (source) => !source.endsWith('.svg'),
    });
    await copyLocales(path.join(root, 'src/_locales'), path.join(target, '_locales'));
    await writeFile(
      path.join(target, 'manifest.json'),
      `${JSON.stringify(manifestFor(browser, manifest), null, 2)}\n`,
    );
  }
  await rm(built, { recursive: true });
}

if (process.argv[1] === import.meta.filename) {
  await buildExtensions();
  console.log('Built dist/chrome and dist/firefox.');
}
