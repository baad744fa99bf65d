/** How long periodic runs wait after failures. */
import { backOff, type BackOff } from '../../shared/concurrency/back-off.ts';
import type { ErrorCode, ErrorRecord } from '../../shared/errors.ts';
import type { Milliseconds } from '../../shared/ids.ts';
import {
  initialSchedule,
  type FailureKind,
  type ScheduleState,
} from '../../store/owned/schedule-state.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** The first wait and the longest, by what is wrong: a network comes back, a lost database does not. */
const waits: Readonly<Record<FailureKind, BackOff>> = {
  network: { first: 30 * second, longest: hour },
  'rate-limit': { first: minute, longest: 2 * hour },
  engine: { first: minute, longest: hour },
  storage: { first: 5 * minute, longest: 6 * hour },
  identity: { first: hour, longest: 24 * hour },
};

const kinds: Partial<Record<ErrorCode, FailureKind>> = {
  network_rate_limited: 'rate-limit',
  engine_crashed: 'engine',
  engine_timeout: 'engine',
  unexpected: 'engine',
  database_locked: 'engine',
  database_write_failed: 'storage',
  storage_full: 'storage',
  storage_unavailable: 'storage',
  database_lost: 'identity',
  database_damaged: 'identity',
  inbox_mismatch: 'identity',
  installation_revoked: 'identity',
};

export function failureKind({ code }: Pick<ErrorRecord, 'code'>): FailureKind {
  return kinds[code] ?? 'network';
}

/**
 * Doubles with each failure of the same kind, between half and the whole of it by chance, so that many
 * browsers do not come back at once; never sooner than the server asked.
 * @param random between 0 and 1.
 * @param offline whether the browser knows that it has no network.
 */
export function afterFailure(
  schedule: ScheduleState,
  error: ErrorRecord,
  now: Milliseconds,
  random: number,
  offline: boolean,
): ScheduleState {
  const kind = failureKind(error);
  const count = (schedule.failures[kind] ?? 0) + 1;
  const jittered = backOff(waits[kind], count, random);
  return {
    ...schedule,
    failures: { ...schedule.failures, [kind]: count },
    notBefore: now + Math.max(jittered, error.retryAfter ?? 0),
    failedOffline: offline && kind === 'network',
  };
}

export function afterSuccess(schedule: ScheduleState): ScheduleState {
  const { failures, notBefore, failedOffline } = initialSchedule;
  return { ...schedule, failures, notBefore, failedOffline };
}
