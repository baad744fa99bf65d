/** A queued or running sync: its step, how far it is, and about how long it will take. */
import type { Run } from '../../shared/run.ts';
import { timeLeft } from '../logic/time-left.ts';
import { now } from '../state/clock.ts';
import { formatDuration } from '../text/format.ts';
import { t } from '../text/messages.ts';
import { outcomeWords } from '../text/runs.ts';
import { ProgressBar } from './progress-bar.tsx';

export function ActiveRun({ run }: { readonly run: Run }) {
  const progress = run.state === 'running' ? run.progress : null;
  const total = progress?.total ?? null;
  // The clock's tick has it said anew when nothing moves.
  const left = run.state === 'running' ? timeLeft(run, Math.max(now.value, Date.now())) : null;
  return (
    <div
      data-testid="active-run"
      data-run-id={run.id}
      data-run-state={run.state}
      data-step={progress?.step}
      data-done={progress?.done}
      data-total={total ?? undefined}
      data-left={left ?? undefined}
      // Numbers that change five times a second are not to be read out; how it ends is.
      aria-live="off"
    >
      {outcomeWords(run)}
      {left !== null && ` · ${t('step_left', { time: formatDuration(left) })}`}
      <ProgressBar label={outcomeWords(run)} done={progress?.done ?? 0} total={total} />
    </div>
  );
}
