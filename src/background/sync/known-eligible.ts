/** What eligible conversations are made of, remembered for the syncs that do not find out. */
import type { KnownEligible } from '../../shared/run.ts';
import type { ScheduleState } from '../../store/owned/schedule-state.ts';

/** A person syncs with one or two sets of consent states, and preferences by themselves. */
const mostKnownEligible = 4;

/** @param found null where the last sync did not find out. */
export function withKnownEligible(
  schedule: ScheduleState,
  found: KnownEligible | null,
): ScheduleState {
  const { knownEligible = [] } = schedule;
  if (found === null || knownEligible[0]?.groups === found.groups) return schedule;
  const others = knownEligible.filter(({ groups }) => groups !== found.groups);
  return { ...schedule, knownEligible: [found, ...others].slice(0, mostKnownEligible) };
}
