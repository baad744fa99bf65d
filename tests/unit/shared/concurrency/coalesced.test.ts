import { expect, test, vi } from 'vitest';
import { Coalesced } from '../../../../src/shared/concurrency/coalesced.ts';
import { SingleFlight } from '../../../../src/shared/concurrency/single-flight.ts';

function deferred() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

test('requests during a run are served by exactly one more, and never two at once', async () => {
  const gates = [deferred(), deferred()];
  let runs = 0;
  let atOnce = 0;
  const coalesced = new Coalesced(async () => {
    expect(++atOnce).toBe(1);
    await gates[runs++]?.promise;
    atOnce--;
  });
  const first = coalesced.request();
  void coalesced.request();
  void coalesced.request();
  gates[0]?.resolve();
  gates[1]?.resolve();
  await first;
  await coalesced.settled();
  expect(runs).toBe(2);
});

test('a run that fails rejects its requests, and the next request runs again', async () => {
  const work = vi.fn<() => Promise<void>>();
  work.mockRejectedValueOnce(new Error('no')).mockResolvedValue();
  const coalesced = new Coalesced(work);
  await expect(coalesced.request()).rejects.toThrow('no');
  await expect(coalesced.settled()).resolves.toBeUndefined();
  await coalesced.request();
  expect(work).toHaveBeenCalledTimes(2);
});

test('with a delay, a burst is one run', async () => {
  vi.useFakeTimers();
  try {
    const work = vi.fn(() => Promise.resolve());
    const coalesced = new Coalesced(work, { delay: 40 });
    void coalesced.request();
    await vi.advanceTimersByTimeAsync(39);
    void coalesced.request();
    expect(work).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await coalesced.settled();
    expect(work).toHaveBeenCalledTimes(1);
  } finally {
    vi.useRealTimers();
  }
});

test('a single flight is shared while it is under way, and begins anew afterwards', async () => {
  const flight = new SingleFlight<number>();
  let begun = 0;
  const gate = deferred();
  const work = async () => {
    const number = ++begun;
    await gate.promise;
    return number;
  };
  const one = flight.run(work);
  const two = flight.run(work);
  expect(flight.isUnderWay).toBe(true);
  gate.resolve();
  expect(await Promise.all([one, two])).toEqual([1, 1]);
  expect(flight.isUnderWay).toBe(false);
  expect(await flight.run(work)).toBe(2);
});
