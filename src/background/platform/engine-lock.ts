/** Noticing the end of the engine's worker: it holds this lock while it lives. */

export const aliveLock = 'lockstep-engine-alive';

export async function isEngineAlive(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === aliveLock);
}

/** Settles when the worker's lock is free. Rejects when `signal` aborts. */
export async function engineGone(signal: AbortSignal): Promise<void> {
  await navigator.locks.request(aliveLock, { signal }, () => undefined);
}
