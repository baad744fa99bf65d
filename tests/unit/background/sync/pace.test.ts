import { expect, test } from 'vitest';
import { paceOf } from '../../../../src/background/sync/pace.ts';
import { callsToday, dayOf, isUsedUp, withCalls } from '../../../../src/store/owned/calls.ts';
import { initialSchedule } from '../../../../src/store/owned/schedule-state.ts';

const now = new Date(2026, 4, 3, 12).getTime();
const settings = { syncInterval: 300, adaptive: true };
const pace = (
  change: { activeAt?: number; quietRuns?: number },
  set: Partial<typeof settings> = {},
  saving = false,
) => paceOf({ ...settings, ...set }, { activeAt: 0, quietRuns: 0, ...change }, now, saving);

test('syncs come sooner while something happens, and at the interval otherwise', () => {
  expect(pace({ activeAt: now - 60_000 })).toBe(60);
  expect(pace({ activeAt: now - 600_000 })).toBe(300);
  expect(pace({ activeAt: now }, { syncInterval: 30 })).toBe(30);
});

test('a quiet inbox is looked at less often, but never less than hourly or as the person wants', () => {
  expect(pace({ quietRuns: 11 })).toBe(300);
  expect(pace({ quietRuns: 12 })).toBe(600);
  expect(pace({ quietRuns: 48 })).toBe(1200);
  expect(pace({ quietRuns: 500 }, { syncInterval: 3000 })).toBe(3600);
  expect(pace({ quietRuns: 500 }, { syncInterval: 7200 })).toBe(7200);
});

test('without adapting, and when turned off, the setting is what counts', () => {
  expect(pace({ activeAt: now, quietRuns: 99 }, { adaptive: false })).toBe(300);
  expect(paceOf({ syncInterval: null, adaptive: true }, initialSchedule, now, false)).toBeNull();
});

test('saving data halves the pace', () => {
  expect(pace({ activeAt: now }, {}, true)).toBe(600);
});

test('calls are counted by the person’s day', () => {
  const some = withCalls(withCalls(initialSchedule, 3, now), 4, now);
  expect(callsToday(some, now)).toBe(7);
  const tomorrow = now + 86_400_000;
  expect(callsToday(some, tomorrow)).toBe(0);
  expect(withCalls(some, 1, tomorrow).calls).toEqual({ day: dayOf(tomorrow), count: 1 });
  expect(isUsedUp(some, 7, now)).toBe(true);
  expect(isUsedUp(some, 8, now)).toBe(false);
  expect(isUsedUp(some, null, now)).toBe(false);
});
