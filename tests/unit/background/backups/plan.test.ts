import { expect, test } from 'vitest';
import { backupName, isDue, waitAfterFailure } from '../../../../src/background/backups/plan.ts';
import type { BackupPlan } from '../../../../src/shared/backup.ts';
import { noBackupSchedule } from '../../../../src/store/owned/backup-schedule.ts';
import { nextByTime } from '../../../../src/shared/backup-times.ts';
import { defaultHistoryOptions } from '../../../../src/shared/history.ts';

const at = (text: string) => new Date(text).getTime();
const options = { ...defaultHistoryOptions, elements: [...defaultHistoryOptions.elements] };
const plan = (every: BackupPlan['every']): BackupPlan => ({
  every,
  messages: 10,
  keep: 5,
  options,
});

test('days, weeks and months are counted by the calendar', () => {
  expect(nextByTime(plan('day'), at('2026-11-25T14:02'))).toBe(at('2026-11-26T14:02'));
  expect(nextByTime(plan('week'), at('2026-12-28T14:02'))).toBe(at('2027-01-04T14:02'));
  expect(nextByTime(plan('month'), at('2026-12-15T14:02'))).toBe(at('2027-01-15T14:02'));
  expect(nextByTime(plan('month'), at('2027-01-31T14:02'))).toBe(at('2027-02-28T14:02'));
  expect(nextByTime(plan('messages'), 1)).toBe(null);
});

test('the first is due at once, the next in its time, and a failed one when its wait is over', () => {
  const now = at('2026-11-25T14:02');
  const schedule = { ...noBackupSchedule, plan: plan('day') };
  expect(isDue(noBackupSchedule, now)).toBe(false);
  expect(isDue(schedule, now)).toBe(true);
  expect(isDue({ ...schedule, lastAt: now - 1000 }, now)).toBe(false);
  expect(isDue({ ...schedule, lastAt: at('2026-11-24T14:01') }, now)).toBe(true);
  expect(isDue({ ...schedule, retryAt: now + 1 }, now)).toBe(false);
  // A clock that was wrong by years.
  expect(isDue({ ...schedule, lastAt: at('2031-01-01T00:00') }, now)).toBe(true);
});

test('new messages are counted', () => {
  const schedule = { ...noBackupSchedule, plan: plan('messages'), lastAt: 5 };
  expect(isDue({ ...schedule, newMessages: 9 }, 10)).toBe(false);
  expect(isDue({ ...schedule, newMessages: 10 }, 10)).toBe(true);
});

test('waits grow with failures, to six hours', () => {
  const minutes = [1, 2, 3, 20].map((failures) => waitAfterFailure(failures) / 60_000);
  expect(minutes).toEqual([10, 60, 360, 360]);
});

test('a file is named by when it was made', () => {
  expect(backupName(at('2026-11-05T04:02'))).toBe('lockstep-backup-2026-11-05-0402.lockstep');
});
