/** Builds the extension with the lab engine in place of its own. */
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';

const root = path.join(import.meta.dirname, '../../..');

/** Needs `buildExtensions` to have run. Returns the folder of the unpacked extension. */
export async function buildLab(browser: 'chromium' | 'firefox'): Promise<string> {
  const target = path.join(root, 'dist/lab', browser);
  const built = path.join(root, 'dist/lab', `${browser}-engine`);
  await rm(target, { recursive: true, force: true });
  await cp(path.join(root, 'dist', browser === 'chromium' ? 'chrome' : 'firefox'), target, {
    recursive: true,
  });
  await build({
    configFile: path.join(root, 'vite.config.ts'),
    logLevel: 'warn',
    build: {
      outDir: built,
      rolldownOptions: { input: { engine: path.join(import.meta.dirname, 'engine/worker.ts') } },
    },
  });
  await cp(built, target, { recursive: true });
  await rm(built, { recursive: true });
  return target;
}
