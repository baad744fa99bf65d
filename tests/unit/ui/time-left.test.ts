import { expect, test } from 'vitest';
import type { Run } from '../../../src/shared/run.ts';
import { timeLeft } from '../../../src/ui/logic/time-left.ts';

type Running = Extract<Run, { state: 'running' }>;
const at = (done: number, total: number | null, step = 'syncing') =>
  ({ countedSince: 1000, progress: { step, done, total } }) as Running;

test('what is left goes by how fast it went, and is no more precise than a guess', () => {
  expect(timeLeft(at(10, 60), 2_000)).toBe(5_000);
  expect(timeLeft(at(100, 350), 11_000)).toBe(25_000);
  expect(timeLeft(at(100, 1000), 11_100)).toBe(90_000);
  expect(timeLeft(at(20, 2000), 11_000)).toBe(17 * 60_000);
});

test('with too little to go by, and when it is about to end, nothing is said', () => {
  expect(timeLeft(at(7, 1000), 9_000)).toBeNull();
  expect(timeLeft(at(10, 1000), 1_100)).toBeNull();
  expect(timeLeft(at(10, null), 9_000)).toBeNull();
  expect(timeLeft(at(99, 100), 9_000)).toBeNull();
  expect(timeLeft(at(100, 100), 9_000)).toBeNull();
  expect(timeLeft(at(100, 350, 'joining'), 11_000)).toBeNull();
});
