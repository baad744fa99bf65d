/** What a figure means nothing without. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findChromium, findFirefox } from '../../scripts/browsers.mjs';
import type { BrowserName } from '../browsers/browser.ts';
import { paths } from '../paths.ts';

export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly system: string;
  readonly node: string;
  readonly browsers: Readonly<Record<string, string>>;
  readonly commit: string;
  readonly packages: Readonly<Record<string, string>>;
}

const firstLine = (command: string, args: readonly string[]) =>
  spawnSync(command, args, { encoding: 'utf8', cwd: paths.root }).stdout.trim().split('\n')[0] ??
  '';

export function describeMachine(browsers: readonly BrowserName[]): Machine {
  const executables = { chromium: findChromium, firefox: findFirefox };
  const version = (folder: string) =>
    (JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string })
      .version;
  const sdk = path.join(paths.bench, 'official-sdk/node_modules/@xmtp/browser-sdk');
  return {
    date: new Date().toISOString(),
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.cpus().length,
    memoryGB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    browsers: Object.fromEntries(
      browsers.map((name) => [name, firstLine(executables[name](), ['--version'])]),
    ),
    commit: firstLine('git', ['rev-parse', '--short', 'HEAD']),
    packages: {
      '@xmtp/wasm-bindings': version(path.join(paths.root, 'node_modules/@xmtp/wasm-bindings')),
      '@xmtp/browser-sdk': version(sdk),
    },
  };
}
