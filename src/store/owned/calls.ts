/** How many calls to the network syncs by themselves may still make today. */
import type { Milliseconds } from '../../shared/ids.ts';
import type { ScheduleState } from './schedule-state.ts';

/** The day of a moment in local time, `YYYY-MM-DD`: a budget starts anew at the person's midnight. */
export function dayOf(moment: Milliseconds): string {
  const date = new Date(moment);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export function callsToday({ calls }: Pick<ScheduleState, 'calls'>, now: Milliseconds): number {
  return calls.day === dayOf(now) ? calls.count : 0;
}

export function withCalls(schedule: ScheduleState, more: number, now: Milliseconds): ScheduleState {
  return {
    ...schedule,
    calls: { day: dayOf(now), count: callsToday(schedule, now) + more },
  };
}

export function isUsedUp(
  schedule: Pick<ScheduleState, 'calls'>,
  dailyCalls: number | null,
  now: Milliseconds,
): boolean {
  return dailyCalls !== null && callsToday(schedule, now) >= dailyCalls;
}
