/** How long a sync will still take, by how fast it went so far. */
import type { Milliseconds } from '../../shared/ids.ts';
import type { Run } from '../../shared/run.ts';

/** With fewer conversations done, or in less time, the guess would jump about. */
const leastDone = 8;
const leastTime = 1000;

const second = 1000;
const minute = 60 * second;

/** A guess is told no more precisely than it is meant, or its last digits would never stand still. */
const precisions: readonly (readonly [below: Milliseconds, step: Milliseconds])[] = [
  [10 * second, second],
  [minute, 5 * second],
  [10 * minute, 15 * second],
  [Infinity, minute],
];

/** Rounded, in milliseconds; null while there is nothing to go by. */
export function timeLeft(
  { progress, countedSince }: Extract<Run, { state: 'running' }>,
  now: Milliseconds,
): Milliseconds | null {
  const { done, total } = progress;
  // Messages come after it, and take longer: whose, nobody knows by then.
  if (progress.step === 'joining') return null;
  const taken = now - countedSince;
  if (total === null || done < leastDone || taken < leastTime || done >= total) return null;
  const left = (taken / done) * (total - done);
  if (left < second) return null;
  const [, step = minute] = precisions.find(([below]) => left < below) ?? [];
  return Math.round(left / step) * step;
}
