/**
 * Both browsers stop an idle background after 30 s, whatever a worker or a page is doing for it; a
 * trivial extension call puts that off (docs/libxmtp.md#chrome-idle, docs/libxmtp.md#firefox-event-page).
 */
import { browser } from './browser.ts';

/** Milliseconds; well under the browsers' 30 s. */
const beat = 20_000;

let holders = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** Keeps the background running until the answered function is called. */
export function keepAwake(): () => void {
  holders++;
  timer ??= setInterval(() => void browser.runtime.getPlatformInfo(), beat);
  let released = false;
  return () => {
    if (released) return;
    released = true;
    holders--;
    if (holders > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
