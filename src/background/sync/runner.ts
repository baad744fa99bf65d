/**
 * Sync runs. Guarantees: a run is in the store before it starts and whenever it changes; never two at
 * once; a request that a waiting or starting run covers joins it; a run that the browser cut off is
 * found at the next start, marked interrupted, and completed by another.
 */
import { SerialQueue } from '../../shared/concurrency/serial-queue.ts';
import { SingleFlight } from '../../shared/concurrency/single-flight.ts';
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts';
import type { Milliseconds, RunId } from '../../shared/ids.ts';
import type {
  Completeness,
  Run,
  RunProgress,
  RunStep,
  RunSummary,
  RunTrigger,
  SyncScope,
} from '../../shared/run.ts';
import type { ScheduleChange } from '../../store/owned/schedule-state.ts';
import type { OwnedStore } from '../../store/owned/store.ts';
import type { Account } from '../../shared/account.ts';
import { LockstepError } from '../../shared/errors.ts';
import { ProgressWriter } from './progress-writer.ts';
import { covers } from './scopes.ts';
import type { RunOutcome } from './execute.ts';
import { StepClock } from './step-clock.ts';

export interface RunnerOptions {
  readonly owned: OwnedStore;
  readonly account: () => Promise<Account>;
  /**
   * Does the work of a run. Throws a LockstepError where nothing could be done. What it notes for the
   * schedule is written with the run's end, in one commit.
   */
  readonly execute: (
    run: Run,
    onProgress: (progress: RunProgress) => void,
    note: (change: ScheduleChange) => void,
  ) => Promise<RunOutcome>;
  /** What the end of a run means to the schedule, and what it proves. */
  readonly meaningOf: (run: Run) => RunMeaning;
  /** Hears of each run that ended by itself. */
  readonly onEnd: (run: Run) => Promise<void>;
  readonly newRunId: () => RunId;
  readonly now: () => Milliseconds;
  readonly keepAwake: () => () => void;
}

export interface RunMeaning {
  readonly change: ScheduleChange;
  readonly completeness: Completeness | null;
}

export interface RunRequest {
  readonly scope: SyncScope;
  readonly trigger: RunTrigger;
  readonly completes?: RunId;
}

/** Held around each run; released with its holder. */
const lockName = 'lockstep-sync-run';

type Running = Extract<Run, { state: 'running' }>;

export class Runner {
  readonly #options: RunnerOptions;
  readonly #decisions = new SerialQueue();
  readonly #working = new SingleFlight();
  #running: Running | null = null;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Journals a run, or joins one that covers it. Answers its id; the work goes on by itself. */
  request(request: RunRequest): Promise<RunId> {
    return this.#decisions.add(() => this.#decide(request));
  }

  /** After a start of the background: what was running then was cut off. Takes up what waits. */
  async recover(): Promise<void> {
    const { owned, now } = this.#options;
    for (const run of await owned.runs.inState('running')) {
      if (run.state !== 'running' || run.id === this.#running?.id) continue;
      const { startedAt, ...base } = withoutProgress(run);
      await owned.runs.put({ ...base, state: 'interrupted', startedAt, endedAt: now() });
      await this.request({ scope: run.scope, trigger: 'resume', completes: run.id });
    }
    if ((await owned.runs.inState('queued')).length > 0) this.#work();
  }

  /** Settles when nothing runs or waits any more. */
  async settled(): Promise<void> {
    await this.#decisions.settled();
    await this.#working.settled();
  }

  async #decide({ scope, trigger, completes }: RunRequest): Promise<RunId> {
    const { owned, newRunId, now } = this.#options;
    const account = await this.#options.account();
    if (account.phase !== 'ready') {
      throw new LockstepError('no_account', { detail: 'the registration has not finished' });
    }
    const joined = completes === undefined ? await this.#join(scope) : null;
    if (joined !== null) return joined;
    const run: Run = {
      id: newRunId(),
      accountId: account.id,
      scope,
      trigger,
      requestedAt: now(),
      joined: 0,
      completes: completes ?? null,
      state: 'queued',
    };
    await owned.runs.add(run);
    this.#work();
    return run.id;
  }

  async #join(scope: SyncScope): Promise<RunId | null> {
    const { owned } = this.#options;
    const queued = (await owned.runs.inState('queued')).find((run) => covers(run.scope, scope));
    if (queued !== undefined) {
      await owned.runs.put({ ...queued, joined: queued.joined + 1 });
      return queued.id;
    }
    const running = this.#running;
    if (running === null || !isEarly(running) || !covers(running.scope, scope)) return null;
    this.#running = { ...running, joined: running.joined + 1 };
    await owned.runs.put(this.#running);
    return running.id;
  }

  #work(): void {
    void this.#working.run(() => this.#drain());
  }

  async #drain(): Promise<void> {
    const sleep = this.#options.keepAwake();
    try {
      await navigator.locks.request(lockName, async () => {
        for (;;) {
          // Decisions under way may change or add queued runs.
          await this.#decisions.settled();
          const [next] = await this.#options.owned.runs.inState('queued');
          if (next === undefined) return;
          await this.#run(next);
        }
      });
    } finally {
      sleep();
    }
  }

  async #run(queued: Run): Promise<void> {
    const { owned, execute, meaningOf, now } = this.#options;
    const startedAt = now();
    const progress: RunProgress = { step: 'opening', done: 0, total: null };
    const clock = new StepClock(startedAt);
    this.#running = {
      ...withoutProgress(queued),
      state: 'running',
      startedAt,
      progress,
      countedSince: startedAt,
    };
    await owned.runs.put(this.#running);
    const writer = new ProgressWriter(async () => {
      if (this.#running !== null) await owned.runs.put(this.#running);
    });
    const onProgress = (reached: RunProgress) => {
      if (this.#running === null) return;
      const before = this.#running.progress.step;
      const isNewStep = reached.step !== before;
      if (isNewStep) clock.end(before, now());
      const countedSince = reached.done === 0 ? now() : this.#running.countedSince;
      this.#running = { ...this.#running, progress: reached, countedSince };
      if (isNewStep) writer.step();
      else writer.numbers();
    };
    const changes: ScheduleChange[] = [];
    let ended: Run;
    let toFollow: RunOutcome['toFollow'] = [];
    try {
      const { summary, ...outcome } = await execute(queued, onProgress, (change) => {
        changes.push(change);
      });
      ({ toFollow } = outcome);
      clock.end(this.#running.progress.step, now());
      ended = this.#end({
        state: summary.failures.length > 0 ? 'partial' : 'complete',
        summary: { ...summary, took: now() - startedAt, steps: clock.times },
      });
    } catch (error) {
      ended = this.#end({ state: 'failed', error: toErrorRecord(error) });
    }
    this.#running = null;
    await writer.end();
    const { change, completeness } = meaningOf(ended);
    const inTurn: ScheduleChange = (schedule) =>
      [...changes, change].reduce((current, next) => next(current), schedule);
    await owned.runs.end(ended, inTurn, completeness);
    for (const conversationId of toFollow) {
      await this.request({ scope: { kind: 'conversation', conversationId }, trigger: 'consent' });
    }
    await this.#options.onEnd(ended);
  }

  #end(
    outcome:
      | { readonly state: 'failed'; readonly error: ErrorRecord }
      | {
          readonly state: 'complete' | 'partial';
          readonly summary: RunSummary;
        },
  ): Run {
    if (this.#running === null) throw new Error('No run to end.');
    return { ...withoutProgress(this.#running), ...outcome, endedAt: this.#options.now() };
  }
}

const early: readonly RunStep[] = ['opening', 'joining', 'recent', 'syncing'];

/** Once it is storing, what happened on the network since would be missed. */
function isEarly({ progress: { step } }: Running): boolean {
  return early.includes(step);
}

/** What all states of a run have in common, and when it started. */
function withoutProgress(run: Run) {
  const { id, accountId, scope, trigger, requestedAt, joined, completes } = run;
  const startedAt = run.state === 'queued' ? requestedAt : run.startedAt;
  return { id, accountId, scope, trigger, requestedAt, joined, completes, startedAt };
}
