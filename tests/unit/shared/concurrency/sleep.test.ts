import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { backOff } from '../../../../src/shared/concurrency/back-off.ts';
import { forEachConcurrent } from '../../../../src/shared/concurrency/for-each-concurrent.ts';
import { sleep } from '../../../../src/shared/concurrency/sleep.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('sleeps its time out, and leaves nothing on the signal', async () => {
  const waking = new AbortController();
  const remove = vi.spyOn(waking.signal, 'removeEventListener');
  const sleeping = sleep(1000, waking.signal);
  await vi.advanceTimersByTimeAsync(1000);
  await expect(sleeping).resolves.toBe('slept');
  expect(remove).toHaveBeenCalledOnce();
});

test('a signal wakes it, before, during and without any time', async () => {
  await expect(sleep(1000, AbortSignal.abort())).resolves.toBe('woken');
  const waking = new AbortController();
  const timed = sleep(1000, waking.signal);
  const untimed = sleep(null, waking.signal);
  waking.abort();
  await expect(Promise.all([timed, untimed])).resolves.toEqual(['woken', 'woken']);
  expect(vi.getTimerCount()).toBe(0);
});

test.each([
  [1, 0, 500],
  [1, 0.999, 999.5],
  [3, 0, 2000],
  [50, 0, 30_000],
  [0, 0, 500],
])('after %i failures by a chance of %d it waits %d ms', (failures, random, wait) => {
  expect(backOff({ first: 1000, longest: 60_000 }, failures, random)).toBeCloseTo(wait, 5);
});

test('for each, at most so many at once, each once', async () => {
  let atOnce = 0;
  let most = 0;
  const done: number[] = [];
  const work = forEachConcurrent([1, 2, 3, 4, 5], 2, async (item) => {
    most = Math.max(most, ++atOnce);
    await sleep(10);
    atOnce--;
    done.push(item);
  });
  await vi.advanceTimersByTimeAsync(100);
  await work;
  expect(done.sort()).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});
