import { expect, test, vi } from 'vitest';
import type { EngineHost } from '../../../../src/background/connection/engine-host.ts';
import { linkEngine } from '../../../../src/background/connection/engine-link.ts';

/** A worker that says nothing by itself. By default its lock cannot be waited for. */
async function link(gone: Promise<void> = new Promise(() => undefined)) {
  const { port1, port2 } = new MessageChannel();
  const host: EngineHost = {
    connect: async () => ({ port: port1, fresh: true }),
    gone: () => gone,
    release: async () => undefined,
    terminate: async () => undefined,
  };
  const onGone = vi.fn();
  return { ...(await linkEngine(host, () => undefined, onGone)), onGone, worker: port2 };
}

test('a worker that dies before it has said anything fails what was asked of it at once', async () => {
  const { rpc, onGone, worker } = await link();
  const call = rpc.call('identity', {}, { deadline: 60_000 });
  worker.close();
  await expect(call).rejects.toMatchObject({ code: 'engine_crashed' });
  expect(onGone).toHaveBeenCalledTimes(1);
});

test('a worker that never starts is given up in the end, and told of once', async () => {
  vi.useFakeTimers();
  try {
    const { rpc, onGone, worker } = await link();
    const call = rpc.call('identity', {}, { deadline: 60_000 });
    const settled = expect(call).rejects.toMatchObject({ code: 'engine_crashed' });
    await vi.advanceTimersByTimeAsync(20_000);
    await settled;
    worker.close();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(onGone).toHaveBeenCalledTimes(1);
  } finally {
    vi.useRealTimers();
  }
});

test('what a worker said last counts, also where its end is noticed first', async () => {
  let end: () => void = () => undefined;
  const gone = new Promise<void>((resolve) => {
    end = resolve;
  });
  const { rpc, onGone, worker } = await link(gone);
  const alive = new Promise((resolve) => worker.addEventListener('message', resolve));
  worker.start();
  worker.postMessage({ event: { type: 'alive' } });
  const call = rpc.call('close', {}, { deadline: 60_000 });
  const lost = rpc.call('identity', {}, { deadline: 60_000 });
  lost.catch(() => undefined); // awaited below
  await alive;
  end();
  await Promise.resolve();
  worker.postMessage({ id: 1, ok: true, output: { baseline: null } });
  expect(await call).toEqual({ baseline: null });
  await expect(lost).rejects.toMatchObject({ code: 'engine_crashed' });
  expect(onGone).toHaveBeenCalledTimes(1);
});
