/** When runs start by themselves. */
import type { Run, RunTrigger } from '../../shared/run.ts';
import type { Settings } from '../../shared/settings.ts';
import type { OwnedStore } from '../../store/owned/store.ts';
import { isUsedUp } from '../../store/owned/calls.ts';
import type { ScheduleState, ScheduleChange } from '../../store/owned/schedule-state.ts';
import { afterFailure, afterSuccess } from './backoff.ts';
import { paceOf } from './pace.ts';
import type { Runner } from './runner.ts';

/** The browser's alarms, as far as the schedule needs them. */
export interface AlarmClock {
  repeat(name: string, seconds: number): Promise<void>;
  stop(name: string): Promise<void>;
}

/** What the browser knows of its network. */
export interface NetworkState {
  isOffline(): boolean;
  /** Whether the person asked for less traffic. */
  isSavingData(): boolean;
}

export const syncAlarm = 'lockstep-sync';

/** Milliseconds: a start or an unlock so soon after a sync is no reason for another one. */
const freshFor = 60_000;

export interface ScheduleOptions {
  readonly owned: OwnedStore;
  readonly runner: Runner;
  readonly alarms: AlarmClock;
  readonly network: NetworkState;
  readonly now: () => number;
  readonly random: () => number;
}

export class SyncSchedule {
  readonly #options: ScheduleOptions;

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  /** Sets the alarm as settings and circumstances want it. On every start: Firefox forgets alarms. */
  async arm(): Promise<void> {
    const { owned, alarms, network, now } = this.#options;
    const [account, settings, schedule] = await Promise.all([
      owned.account.read(),
      owned.settings.read(),
      owned.schedule.read(),
    ]);
    const pace = paceOf(settings, schedule, now(), network.isSavingData());
    if (account?.phase !== 'ready' || pace === null) await alarms.stop(syncAlarm);
    else await alarms.repeat(syncAlarm, pace);
  }

  /** Starts a periodic run, unless failures before it ask for patience. */
  async ring(): Promise<void> {
    const { owned, network, now } = this.#options;
    const { notBefore, failedOffline } = await owned.schedule.read();
    const isBack = failedOffline && !network.isOffline();
    if (now() >= notBefore || isBack) await this.#start(isBack ? 'online' : 'alarm');
  }

  /** The network came back: whatever failed before may work now. */
  async online(): Promise<void> {
    const { failures } = await this.#options.owned.schedule.read();
    if (failures.network !== undefined) await this.#start('online');
    else await this.#startUnlessFresh('online');
  }

  /** The browser was started, or the person came back to it. */
  resumed(trigger: 'start' | 'unlock'): Promise<void> {
    return this.#startUnlessFresh(trigger);
  }

  /** Something came in or went out: more is likely to follow. */
  async noteActivity(): Promise<void> {
    const { owned, now } = this.#options;
    await owned.schedule.change((schedule) => ({ ...schedule, activeAt: now(), quietRuns: 0 }));
    await this.arm();
  }

  async #startUnlessFresh(trigger: RunTrigger): Promise<void> {
    const { owned, now } = this.#options;
    const { syncedAt, notBefore } = await owned.schedule.read();
    if (now() - syncedAt > freshFor && now() >= notBefore) await this.#start(trigger);
  }

  async #start(trigger: RunTrigger): Promise<void> {
    const { owned, runner, now } = this.#options;
    const [account, settings, schedule] = await Promise.all([
      owned.account.read(),
      owned.settings.read(),
      owned.schedule.read(),
    ]);
    if (account?.phase !== 'ready' || settings.syncInterval === null) return;
    if (isUsedUp(schedule, settings.dailyCalls, now())) return;
    await runner.request({ scope: allOf(settings), trigger });
  }

  /** Any success ends the waiting; what was found decides how soon the next one comes. */
  changeAfter(run: Run): ScheduleChange {
    const { network, now, random } = this.#options;
    return (schedule) => {
      switch (run.state) {
        case 'failed':
          return afterFailure(schedule, run.error, now(), random(), network.isOffline());
        case 'complete':
        case 'partial':
          return afterRun(afterSuccess(schedule), run, now());
        case 'queued':
        case 'running':
        case 'interrupted':
          return schedule;
      }
    };
  }
}

type Ended = Extract<Run, { state: 'complete' | 'partial' }>;

function afterRun(
  schedule: ScheduleState,
  { scope, summary, trigger }: Ended,
  now: number,
): ScheduleState {
  const found = summary.newMessages > 0 || summary.newConversations > 0;
  // A first sync finds much and says nothing about how busy the inbox is.
  const isActive = found && trigger !== 'setup' && trigger !== 'history';
  return {
    ...schedule,
    activeAt: isActive ? now : schedule.activeAt,
    quietRuns: found ? 0 : schedule.quietRuns + 1,
    syncedAt: scope.kind === 'all' ? now : schedule.syncedAt,
  };
}

/** A sync of everything, as the settings want it. */
export function allOf({ syncConsent }: Pick<Settings, 'syncConsent'>) {
  return { kind: 'all', consent: syncConsent } as const;
}
