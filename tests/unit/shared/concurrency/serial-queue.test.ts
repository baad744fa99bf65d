import { expect, test } from 'vitest';
import { PausableQueue } from '../../../../src/shared/concurrency/pausable-queue.ts';
import { SerialQueue } from '../../../../src/shared/concurrency/serial-queue.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('work runs one at a time, in order, and a failure holds nothing up', async () => {
  const queue = new SerialQueue();
  const log: string[] = [];
  const work = (name: string, fails = false) =>
    queue.add(async () => {
      log.push(`${name} begins`);
      await turn();
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const first = work('a', true);
  const second = work('b');
  await expect(first).rejects.toThrow('a');
  await expect(second).resolves.toBe('b');
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});

test('settled waits for what was added before, and never rejects', async () => {
  const queue = new SerialQueue();
  const failing = queue.add(async () => {
    await turn();
    throw new Error('no');
  });
  failing.catch(() => undefined);
  await expect(queue.settled()).resolves.toBeUndefined();
});

test('while work pauses, what waits runs in its place; what has begun is waited for', async () => {
  const queue = new PausableQueue();
  const log: string[] = [];
  const paused = queue.add(async () => {
    log.push('pauses');
    await queue.pause(60_000);
    log.push('goes on');
  });
  const during = turn().then(() =>
    queue.add(async () => {
      log.push('in its place');
      queue.resume();
      await turn();
      log.push('in its place, to the end');
    }),
  );
  const after = queue.add(async () => {
    log.push('after');
  });
  await Promise.all([paused, during, after]);
  expect(log).toEqual(['pauses', 'in its place', 'in its place, to the end', 'goes on', 'after']);
});

test('a pause ends by itself when its patience does', async () => {
  let elapse: () => void = () => undefined;
  const queue = new PausableQueue({
    after: (_wait, callback) => {
      elapse = callback;
      return () => undefined;
    },
  });
  const paused = queue.add(async () => {
    await queue.pause(10);
    return 'over';
  });
  await turn();
  elapse();
  await expect(paused).resolves.toBe('over');
});
