/** What follows from the end of a run, and what it proves. */
import type { Completeness, Run } from '../../shared/run.ts';
import type { ScheduledBackups } from '../backups/scheduled-backups.ts';
import type { HistoryRequests } from '../history/requests.ts';
import type { Serving } from '../history/serving.ts';
import type { LiveMode } from '../live/live-mode.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { RunMeaning } from './runner.ts';
import type { SyncSchedule } from './sync-schedule.ts';

export interface AfterRunOptions {
  readonly schedule: Pick<SyncSchedule, 'arm'>;
  readonly live: Pick<LiveMode, 'runEnded'>;
  readonly history: Pick<HistoryRequests, 'runEnded'>;
  readonly serving: Pick<Serving, 'runEnded'>;
  readonly scheduledBackups: Pick<ScheduledBackups, 'noteMessages'>;
  readonly outbox: Pick<Outbox, 'resume'>;
}

/** Tells everybody whom a run's end concerns. Waits for the schedule alone: the next run is not held up. */
export async function afterRun(
  { schedule, live, history, serving, scheduledBackups, outbox }: AfterRunOptions,
  run: Run,
): Promise<void> {
  await schedule.arm();
  live.runEnded(run);
  // A freshness probe opened no engine, so nothing was pulled.
  if (!isGood(run) || run.summary.asAt === undefined) {
    void history.runEnded(run);
    void serving.runEnded(run);
  }
  if (!isGood(run)) return;
  void scheduledBackups.noteMessages(newMessagesOf(run)).catch(() => undefined);
  // Waits for what is being sent.
  void outbox.resume({ failed: true }).catch(() => undefined);
}

/** What a run's end means to the schedule, and what it proves; both are written in its own commit. */
export function meaningOf(schedule: Pick<SyncSchedule, 'changeAfter'>, run: Run): RunMeaning {
  return { change: schedule.changeAfter(run), completeness: completenessOf(run) };
}

/** A sync of everything that ended without a failure, and was reconciled, is proof. */
function completenessOf(run: Run): Completeness | null {
  const { id: runId, scope } = run;
  if (run.state !== 'complete' || scope.kind !== 'all') return null;
  return { at: run.endedAt, runId, consent: scope.consent };
}

function newMessagesOf(run: Extract<Run, { state: 'complete' | 'partial' }>): number {
  // What is imported or comes with the set-up was not written since the last backup.
  const isNews = run.trigger !== 'history' && run.trigger !== 'setup';
  return isNews ? run.summary.newMessages : 0;
}

function isGood(run: Run): run is Extract<Run, { state: 'complete' | 'partial' }> {
  return run.state === 'complete' || run.state === 'partial';
}
