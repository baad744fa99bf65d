/**
 * Exactly one context owns libxmtp's files: the holder of this Web Lock. It is held for this worker's
 * life and released with it, however it ends.
 */
import { LockstepError } from '../../shared/errors.ts';

const lockName = 'lockstep-libxmtp-database';
/** Milliseconds: a predecessor that was told to end has ended by then, or is stuck. */
const patience = 10_000;

let taken: Promise<void> | null = null;

/** Throws database_locked where another context keeps it. */
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
