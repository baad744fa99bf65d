/**
 * Exactly one context owns libxmtp's files: the holder of this Web Lock. A worker holds it while it lives, and
 * the browser releases it however the worker ends.
 */
import { LockstepError } from '../../shared/errors.ts';

const lockName = 'lockstep-libxmtp-database';
/** Milliseconds: a predecessor that was asked to end has done so by then, or is stuck. */
const patience = 10_000;

let taken: Promise<void> | null = null;

/** Idempotent. Throws database_locked if another context keeps the lock. */
export function takeDatabaseLock(): Promise<void> {
  taken ??= new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(patience);
    navigator.locks
      .request(lockName, { signal }, () => {
        resolve();
        return new Promise<never>(() => undefined);
      })
      .catch((error: unknown) => {
        taken = null;
        reject(new LockstepError('database_locked', { detail: String(error), cause: error }));
      });
  });
  return taken;
}
