import { expect, test } from 'vitest';
import {
  afterFailure,
  afterSuccess,
  failureKind,
} from '../../../../src/background/sync/backoff.ts';
import { initialSchedule } from '../../../../src/store/owned/schedule-state.ts';

const error = { code: 'network_unreachable', detail: null, retryAfter: null } as const;
const limited = { ...error, code: 'network_rate_limited' } as const;

test('each failure of a kind doubles the wait, up to an hour', () => {
  let schedule = initialSchedule;
  const waits: number[] = [];
  for (let i = 0; i < 10; i++) {
    schedule = afterFailure(schedule, error, 0, 1, false);
    waits.push(schedule.notBefore / 1000);
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
});

test('kinds of failures are counted apart', () => {
  const once = afterFailure(initialSchedule, error, 0, 1, false);
  const other = afterFailure(once, limited, 0, 1, false);
  expect(other.failures).toEqual({ network: 1, 'rate-limit': 1 });
  expect(other.notBefore).toBe(60_000);
  expect(failureKind({ code: 'storage_full' })).toBe('storage');
  expect(failureKind({ code: 'installation_revoked' })).toBe('identity');
});

test('chance spreads the wait over its second half', () => {
  expect(afterFailure(initialSchedule, error, 1000, 0, false).notBefore).toBe(1000 + 15_000);
  expect(afterFailure(initialSchedule, error, 1000, 1, false).notBefore).toBe(1000 + 30_000);
});

test('it is never sooner than the server asked', () => {
  const asked = { ...limited, retryAfter: 90_000 };
  expect(afterFailure(initialSchedule, asked, 0, 0, false).notBefore).toBe(90_000);
});

test('only a failure of the network while offline ends with the browser coming online', () => {
  expect(afterFailure(initialSchedule, error, 0, 0, true).failedOffline).toBe(true);
  expect(afterFailure(initialSchedule, limited, 0, 0, true).failedOffline).toBe(false);
});

test('a success forgets the failures and nothing else', () => {
  const failed = afterFailure({ ...initialSchedule, quietRuns: 7 }, error, 0, 1, true);
  expect(afterSuccess(failed)).toEqual({ ...initialSchedule, quietRuns: 7 });
});
