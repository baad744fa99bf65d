/** The rules that hold the architecture together, shown to notice what they are for. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';
import { manifestFor, type Manifest } from '../../../scripts/manifest.ts';

const root = path.join(import.meta.dirname, '../../..');

const crossings = [
  ['src/shared/ids.ts', '../store/feed.ts', 'shared is a leaf'],
  ['src/engine/errors.ts', '../store/feed.ts', 'plain records'],
  ['src/background/services.ts', '../engine/errors.ts', 'over its port'],
  ['src/background/sync/scopes.ts', '../platform/browser.ts', 'gets the browser injected'],
  ['src/ui/logic/links.ts', '../../store/write.ts', 'Pages read the store'],
  ['src/ui/logic/links.ts', '../../background/services.ts', 'Pages read the store'],
  ['src/ui/logic/links.ts', '../../popup/popup.tsx', 'ui is what pages share'],
  ['src/pages/setup/setup.tsx', '../../popup/popup.tsx', 'imports no other page'],
  ['src/popup/popup.tsx', '../pages/setup/setup.tsx', 'imports no other page'],
  ['src/ui/logic/links.ts', 'idb', 'Only src/store knows IndexedDB'],
  ['src/background/services.ts', '@xmtp/wasm-bindings', 'Only src/engine touches libxmtp'],
  ['src/background/services.ts', 'webextension-polyfill', 'platform/ folder'],
  ['network/control.ts', '../src/shared/ids.ts', 'program of its own'],
  ['src/shared/ids.ts', '../../network/control.ts', 'ships without its tools'],
] as const;

test('an import across a boundary is an error that names the way that is meant', async () => {
  const eslint = new ESLint({
    cwd: root,
    // Where CI is set, typescript-eslint reads files once from the disk and never sees our source.
    overrideConfig: {
      languageOptions: { parserOptions: { disallowAutomaticSingleRunInference: true } },
    },
  });
  for (const [file, target, expected] of crossings) {
    const source = `import * as crossing from '${target}';\nexport const used = crossing;\n`;
    const [result] = await eslint.lintText(source, { filePath: path.join(root, file) });
    const messages = result?.messages.map(({ message }) => message).join('\n') ?? '';
    expect(messages, `${file} imports ${target}`).toContain(expected);
  }
}, 120_000);

const source = JSON.parse(readFileSync(path.join(root, 'manifest.json'), 'utf8')) as Manifest;

test('each browser gets a manifest without what it does not know', () => {
  const chrome = manifestFor('chrome', source);
  const firefox = manifestFor('firefox', source);
  expect(chrome['background']).toEqual({ service_worker: 'background.js', type: 'module' });
  expect(firefox['background']).toEqual({ scripts: ['background.js'], type: 'module' });
  expect(chrome).not.toHaveProperty('browser_specific_settings');
  expect(firefox).not.toHaveProperty('minimum_chrome_version');
  expect(firefox['permissions']).not.toContain('offscreen');
});

test('permissions stay near zero', () => {
  const always = ['alarms', 'idle', 'offscreen', 'storage', 'unlimitedStorage'];
  // For wallets: the one page that the person clicks Lockstep's icon over. Neither warns at installation.
  const forWallets = ['activeTab', 'scripting'];
  expect([...source.permissions].sort()).toEqual([...always, ...forWallets].sort());
  // Asked for in a click, when backups by themselves are switched on.
  expect(source['optional_permissions']).toEqual(['downloads']);
  expect(source).not.toHaveProperty('host_permissions');
  expect(source).not.toHaveProperty('content_scripts');
  // Nothing of ours can be reached, or recognised, by a page.
  expect(source).not.toHaveProperty('externally_connectable');
  expect(source).not.toHaveProperty('web_accessible_resources');
  expect(JSON.stringify(source['content_security_policy'])).not.toMatch(
    /unsafe-eval'(?<!wasm-unsafe-eval')|unsafe-inline/,
  );
});

test('the extension and its package have the same version', () => {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  expect(source['version']).toBe(version);
});
