/** How often periodic runs come: sooner while something happens, more rarely when nothing does. */
import { longestInterval, shortestInterval, type Settings } from '../../shared/settings.ts';
import type { Milliseconds } from '../../shared/ids.ts';
import type { ScheduleState } from '../../store/owned/schedule-state.ts';

/** Whoever has just written or been written to is likely to be again. Milliseconds. */
const activeFor = 5 * 60_000;
/** Seconds between runs while something happens. */
const activePace = 60;
/** After so many runs in a row without anything, the interval doubles, and once more. */
const quiet = [12, 48] as const;
/** A quiet inbox is still looked at every hour, or at the interval where that is longer. Seconds. */
const quietest = 60 * 60;

/**
 * Seconds until the next periodic run; null where they are turned off.
 * @param saving whether the person asked the browser to save data.
 */
export function paceOf(
  { syncInterval, adaptive }: Pick<Settings, 'syncInterval' | 'adaptive'>,
  { activeAt, quietRuns }: Pick<ScheduleState, 'activeAt' | 'quietRuns'>,
  now: Milliseconds,
  saving: boolean,
): number | null {
  if (syncInterval === null || !adaptive) return syncInterval;
  const usual = saving ? Math.min(longestInterval, syncInterval * 2) : syncInterval;
  if (now - activeAt < activeFor && !saving) {
    return Math.max(shortestInterval, Math.min(usual, activePace));
  }
  const doublings = quiet.filter((runs) => quietRuns >= runs).length;
  return Math.max(usual, Math.min(quietest, usual * 2 ** doublings));
}
