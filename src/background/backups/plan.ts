/** When the schedule makes its next backup, and what the file is called. Pure. */
import type { BackupSchedule } from '../../shared/backup.ts';
import { nextByTime } from '../../shared/backup-times.ts';
import { backupEnding } from '../../shared/backup-file.ts';
import type { Milliseconds } from '../../shared/ids.ts';

const minute = 60_000;
const hour = 60 * minute;
/** After the first failure, the second, and each that follows. */
const waits = [10 * minute, hour, 6 * hour];

/** The first one is made at once: a schedule that has never worked is worth nothing. */
export function isDue(schedule: BackupSchedule, now: Milliseconds): boolean {
  const { plan, lastAt, newMessages, retryAt } = schedule;
  if (plan === null || now < retryAt) return false;
  if (lastAt === null) return true;
  const next = nextByTime(plan, lastAt);
  // A clock that was set back must not end backups for as long.
  if (lastAt > now + 24 * hour) return true;
  return next === null ? newMessages >= plan.messages : now >= next;
}

export function waitAfterFailure(failures: number): Milliseconds {
  return waits[Math.min(failures, waits.length) - 1] ?? minute;
}

/** `lockstep-backup-2026-11-25-1402.lockstep`: sorts by time, and no file system objects to it. */
export function backupName(at: Milliseconds): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `lockstep-backup-${day}-${two(date.getHours())}${two(date.getMinutes())}${backupEnding}`;
}
