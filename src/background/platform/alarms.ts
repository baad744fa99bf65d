/** The browser's alarms as the schedule uses them. */
import type { AlarmClock } from '../sync/sync-schedule.ts';
import { browser } from './browser.ts';

/** A periodic alarm that is right already is left as it is. */
export const alarmClock: AlarmClock = {
  async repeat(name, seconds) {
    const periodInMinutes = seconds / 60;
    const standing = await browser.alarms.get(name);
    // Every start arms again; moving an alarm of the right period would put it off for ever.
    if (standing?.periodInMinutes === periodInMinutes) return;
    await browser.alarms.create(name, { delayInMinutes: periodInMinutes, periodInMinutes });
  },
  async stop(name) {
    await browser.alarms.clear(name);
  },
};
