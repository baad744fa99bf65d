import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ProgressWriter } from '../../../../src/background/sync/progress-writer.ts';

let written: number[];
let now: number;
let writer: ProgressWriter;

beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  now = 0;
  writer = new ProgressWriter(async () => {
    written.push(now);
  });
});

afterEach(() => {
  vi.useRealTimers();
});

test('numbers are written now and then, and the last of them always', async () => {
  for (now = 1; now <= 30; now++) {
    writer.numbers();
    await vi.advanceTimersByTimeAsync(20);
  }
  await vi.advanceTimersByTimeAsync(200);
  expect(written.length).toBeLessThan(6);
  expect(written.at(-1)).toBeGreaterThanOrEqual(30);
});

test('a step that lasts is written soon, one that is over at once is not', async () => {
  now = 1;
  writer.step();
  await vi.advanceTimersByTimeAsync(40);
  now = 2;
  writer.step();
  await vi.advanceTimersByTimeAsync(60);
  expect(written).toEqual([2]);
});

test('a step does not wait for the time of numbers', async () => {
  writer.numbers();
  await vi.advanceTimersByTimeAsync(10);
  now = 3;
  writer.step();
  await vi.advanceTimersByTimeAsync(60);
  expect(written).toEqual([3]);
});

test('nothing is written after the end, and what is being written is waited for', async () => {
  let finish: () => void = () => undefined;
  let isOver = false;
  const slow = new ProgressWriter(() => new Promise((resolve) => (finish = resolve)));
  slow.step();
  await vi.advanceTimersByTimeAsync(60);
  slow.numbers();
  void slow.end().then(() => (isOver = true));
  await vi.advanceTimersByTimeAsync(1000);
  expect(isOver).toBe(false);
  finish();
  await vi.advanceTimersByTimeAsync(0);
  expect(isOver).toBe(true);
});

test('a write that fails is left to the end', async () => {
  const failing = new ProgressWriter(() => Promise.reject(new Error('full')));
  failing.step();
  await vi.advanceTimersByTimeAsync(10);
  await expect(failing.end()).resolves.toBeUndefined();
});
