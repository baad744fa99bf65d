/** What the sync schedule remembers. */
import type { ConversationId, Milliseconds } from '../../shared/ids.ts';
import { neverReconciled, type FullReconcile } from './full-reconcile.ts';
import type { KnownEligible } from '../../shared/run.ts';

/** Failures that are waited out differently. */
export type FailureKind = 'network' | 'rate-limit' | 'engine' | 'storage' | 'identity';

/** What the schedule must remember between two starts of the background. */
export interface ScheduleState {
  /** Failed runs in a row, by kind; each makes the next periodic run wait longer. */
  readonly failures: Readonly<Partial<Record<FailureKind, number>>>;
  /** No periodic run before this time; 0 when none has to wait. */
  readonly notBefore: Milliseconds;
  /** Whether the browser was offline when the last run failed: when it no longer is, waiting ends. */
  readonly failedOffline: boolean;
  readonly fullReconcile: FullReconcile;
  /** Conversations that the last run could not finish; the next one syncs them one by one. */
  readonly unfinished: readonly ConversationId[];
  /** When something last came in or went out. */
  readonly activeAt: Milliseconds;
  /** Periodic runs in a row that found nothing. */
  readonly quietRuns: number;
  /** When a run of everything last ended well. */
  readonly syncedAt: Milliseconds;
  /**
   * What the last syncs found their eligible conversations to be made of, newest first; missing before
   * the first. A sync with nothing new does not find out again.
   */
  readonly knownEligible?: readonly KnownEligible[];
  /** Calls to the network on a day, `YYYY-MM-DD` in local time. */
  readonly calls: { readonly day: string; readonly count: number };
}

/** Pure: it may be tried on what is stored more than once. */
export type ScheduleChange = (schedule: ScheduleState) => ScheduleState;

export const initialSchedule: ScheduleState = {
  failures: {},
  notBefore: 0,
  failedOffline: false,
  fullReconcile: neverReconciled,
  unfinished: [],
  activeAt: 0,
  quietRuns: 0,
  syncedAt: 0,
  calls: { day: '', count: 0 },
};
