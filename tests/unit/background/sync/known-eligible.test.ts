import { expect, test } from 'vitest';
import { withKnownEligible } from '../../../../src/background/sync/known-eligible.ts';
import type { KnownEligible } from '../../../../src/shared/run.ts';
import { initialSchedule } from '../../../../src/store/owned/schedule-state.ts';

const of = (groups: string): KnownEligible => ({
  groups,
  parts: { conversations: 1, deviceSync: 1, duplicates: 0, unidentified: 0 },
});

test('the newest comes first, each once, and only a few are kept', () => {
  const names = ['a', 'b', 'c', 'a', 'd', 'e'];
  const schedule = names.map(of).reduce(withKnownEligible, initialSchedule);
  expect(schedule.knownEligible?.map(({ groups }) => groups)).toEqual(['e', 'd', 'a', 'c']);
});

test('a sync that found nothing out, or the same, changes nothing', () => {
  const before = withKnownEligible(initialSchedule, of('a'));
  expect(withKnownEligible(before, null)).toBe(before);
  expect(withKnownEligible(before, of('a'))).toBe(before);
  expect(withKnownEligible(initialSchedule, null)).toBe(initialSchedule);
});
