/** When every conversation of the store is reconciled with libxmtp, and not only what a run touched. */
import type { Milliseconds } from '../../shared/ids.ts';
import type { ScheduleState } from '../../store/owned/schedule-state.ts';

const reconcileEvery = 24 * 60 * 60_000;

/** Once a day, and whenever somebody asked for it. */
export function isFullReconcileDue(
  { fullReconcile }: Pick<ScheduleState, 'fullReconcile'>,
  now: Milliseconds,
): boolean {
  return fullReconcile.kind === 'due' || now - fullReconcile.at > reconcileEvery;
}
