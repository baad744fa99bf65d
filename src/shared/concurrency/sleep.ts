import { systemTimers, type Timers } from './timers.ts';

/**
 * Waits for `milliseconds`, or until the signal aborts; null waits for the signal alone. Answers which of the
 * two it was, and never rejects.
 */
export function sleep(
  milliseconds: number | null,
  signal?: AbortSignal,
  timers: Timers = systemTimers,
): Promise<'slept' | 'woken'> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve('woken');
      return;
    }
    const cancel =
      milliseconds === null
        ? () => undefined
        : timers.after(milliseconds, () => {
            signal?.removeEventListener('abort', wake);
            resolve('slept');
          });
    const wake = () => {
      cancel();
      resolve('woken');
    };
    signal?.addEventListener('abort', wake, { once: true });
  });
}
