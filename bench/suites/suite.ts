import type { NetworkProcess } from '../network-process.ts';
import type { BrowserName } from '../browsers/browser.ts';
import type { Options } from '../options.ts';
import type { Row } from '../report/row.ts';

export interface SuiteContext {
  readonly options: Options;
  /** Null for a suite that needs none. */
  readonly browser: BrowserName;
}

export interface Suite {
  readonly name: string;
  readonly needsBrowser: boolean;
  run(context: SuiteContext): Promise<readonly Row[]>;
}

/**
 * Settles when nobody has called for a while. After it was opened, a client of a large inbox goes on
 * asking for identity updates by itself, whichever client it is.
 */
export async function networkIsQuiet({ callsDuring }: NetworkProcess): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const pause = () => new Promise((resolve) => setTimeout(resolve, 2000));
    const { calls } = await callsDuring(pause);
    if (calls === 0) return;
    if (Date.now() > deadline) throw new Error(`${calls} calls in two seconds of doing nothing`);
  }
}

/** The order of a repetition: each contestant comes first, second and last equally often. */
export function rotated<Item>(items: readonly Item[], by: number): readonly Item[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

/** Says how far a long measurement has come. */
export function progress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${text}`);
}

export function progressEnd(): void {
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
}
