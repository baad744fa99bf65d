/** A request for history as the steps that a person sees. */
import type { HistoryRequest } from '../../shared/history.ts';

export const historySteps = ['find', 'ask', 'wait', 'receive', 'import'] as const;
export type HistoryStep = (typeof historySteps)[number];
export type StepState = 'done' | 'current' | 'failed' | 'todo';

/** Which step the request is at, and whether it ended there. */
export function stepStates({
  state,
  others,
  attempts,
}: Pick<HistoryRequest, 'state' | 'others' | 'attempts'>): Readonly<
  Record<HistoryStep, StepState>
> {
  const { at, ended } = position(state, others.length > 0, attempts > 0);
  return Object.fromEntries(
    historySteps.map((step, index) => {
      if (index < at) return [step, 'done'];
      if (index > at) return [step, 'todo'];
      return [step, ended ? 'failed' : 'current'];
    }),
  ) as Record<HistoryStep, StepState>;
}

function position(
  state: HistoryRequest['state'],
  isFound: boolean,
  isAsked: boolean,
): { readonly at: number; readonly ended: boolean } {
  const before = isAsked ? 2 : isFound ? 1 : 0;
  switch (state.kind) {
    case 'sending':
    case 'sent':
      return { at: before, ended: false };
    case 'importing':
      return { at: historySteps.indexOf('import'), ended: false };
    case 'imported':
      return { at: historySteps.length, ended: false };
    case 'nobody':
      return { at: 0, ended: true };
    case 'unanswered':
    case 'cancelled':
    case 'failed':
      return { at: before, ended: true };
  }
}
