/** The present moment, for "3 minutes ago". It ticks while the page can be seen. */
import { signal, type ReadonlySignal } from '@preact/signals';

const moment = signal(Date.now());

/** Coarse on purpose: words such as "3 minutes ago" change no faster. */
const tick = 15_000;
setInterval(() => {
  if (document.visibilityState === 'visible') moment.value = Date.now();
}, tick);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') moment.value = Date.now();
});

export const now: ReadonlySignal<number> = moment;

/** Brings the clock up to date, for when something has just happened. */
export function touchClock(): void {
  moment.value = Date.now();
}
