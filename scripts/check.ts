/** The quick round: types, lint, formatting, unit tests. Runs all of them and says which failed. */
import { spawn } from 'node:child_process';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const bin = path.join(root, 'node_modules/.bin');

const steps: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['types', 'tsc', '-p', '.'],
  ['types of the engine', 'tsc', '-p', 'src/engine'],
  ['lint', 'eslint', '.', '--max-warnings', '0'],
  ['formatting', 'prettier', '--check', '--log-level', 'warn', '.'],
  ['unit tests', 'vitest', 'run', '--config', 'vitest.config.ts'],
];

function run(command: string, args: readonly string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(path.join(bin, command), args, { cwd: root });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('close', (code) => resolve({ ok: code === 0, output }));
    child.once('error', (error) => resolve({ ok: false, output: String(error) }));
  });
}

const failed: string[] = [];
for (const [name, command, ...args] of steps) {
  const started = performance.now();
  const { ok, output } = await run(command, args);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (!ok || name === 'unit tests') console.log(output.trimEnd());
  if (!ok) failed.push(name);
}
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`);
  process.exit(1);
}
