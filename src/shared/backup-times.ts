/** When a scheduled backup is due by the calendar. Pages show it, the background acts on it. */
import type { BackupPlan } from './backup.ts';
import type { Milliseconds } from './ids.ts';

/** Null where the schedule does not depend on time. Uses local time, so that clock changes move nothing. */
export function nextByTime(
  { every }: Pick<BackupPlan, 'every'>,
  last: Milliseconds,
): Milliseconds | null {
  const next = new Date(last);
  switch (every) {
    case 'day':
      return next.setDate(next.getDate() + 1);
    case 'week':
      return next.setDate(next.getDate() + 7);
    case 'month': {
      const day = next.getDate();
      next.setMonth(next.getMonth() + 1);
      // The 31st of a shorter month is its last day, not the first of the next.
      if (next.getDate() !== day) next.setDate(0);
      return next.getTime();
    }
    case 'messages':
      return null;
  }
}
