/** The work of one run: sync, store what changed, check. */
import {
  normaliseConsentFilter,
  type ConsentFilter,
  type ConsentState,
} from '../../shared/consent.ts';
import type { EngineEvent, SyncOutput } from '../../shared/engine-protocol.ts';
import { LockstepError, type ErrorCode } from '../../shared/errors.ts';
import type { ConversationId, Milliseconds } from '../../shared/ids.ts';
import type { Run, RunProgress, RunSummary, SyncScope } from '../../shared/run.ts';
import type { ReadyAccount } from '../../shared/account.ts';
import { withCalls } from '../../store/owned/calls.ts';
import { withReconcileDone, type FullReconcile } from '../../store/owned/full-reconcile.ts';
import type { ScheduleState, ScheduleChange } from '../../store/owned/schedule-state.ts';
import type { Store } from '../../store/write.ts';
import type { DatabaseConnection } from '../connection/database-connection.ts';
import type { ProbeResult } from './freshness-probe.ts';
import { isFullReconcileDue } from './full-reconcile.ts';
import { withKnownEligible } from './known-eligible.ts';
import type { StoredChanges } from './store-changes.ts';
import type { StoreUpdates } from './store-updates.ts';
import { addStored } from './summaries.ts';

export interface RunOutcome {
  readonly summary: Omit<RunSummary, 'took' | 'steps'>;
  /** Conversations whose messages this kind of run does not fetch, although they are allowed now. */
  readonly toFollow: readonly ConversationId[];
}

export interface ExecuteOptions {
  readonly store: Store;
  readonly updates: StoreUpdates;
  readonly connection: DatabaseConnection;
  readonly account: () => Promise<ReadyAccount>;
  /** Tells libxmtp what the person chose while it was closed: it decides what a sync takes in. */
  readonly tellConsent: () => Promise<void>;
  /** Looks whether the engine is needed at all. */
  readonly probeFreshness: (run: Run, onAsk: () => void) => Promise<ProbeResult>;
  readonly now: () => number;
}

/** Ends of an engine after which its successor may well succeed. */
const diedOf: readonly ErrorCode[] = ['engine_crashed', 'database_write_failed'];

type OnProgress = (progress: RunProgress) => void;
type Note = (change: ScheduleChange) => void;

/** An engine that dies in the middle gets one successor, which does not trust what is half-done. */
export async function executeRun(
  options: ExecuteOptions,
  run: Run,
  onProgress: OnProgress,
  note: Note,
): Promise<RunOutcome> {
  const afterInterruption = run.completes !== null;
  const { outcome, calls } = await options.probeFreshness(run, () =>
    onProgress({ step: 'syncing', done: 0, total: null }),
  );
  if (calls > 0) note((current) => withCalls(current, calls, options.now()));
  if (outcome !== null) return outcome;
  try {
    return await attempt(options, run, onProgress, note, afterInterruption);
  } catch (error) {
    if (!(error instanceof LockstepError && diedOf.includes(error.code))) throw error;
    return attempt(options, run, onProgress, note, true);
  }
}

async function attempt(
  options: ExecuteOptions,
  { scope }: Run,
  onProgress: OnProgress,
  note: Note,
  distrust: boolean,
): Promise<RunOutcome> {
  const { store, updates, connection, account, tellConsent, now } = options;
  onProgress({ step: 'opening', done: 0, total: null });
  return connection.use(async (engine) => {
    // Asked after opening: a new engine may have found that its predecessor ended in the middle.
    const [{ id: accountId }, schedule] = await Promise.all([
      account(),
      store.owned.schedule.read(),
      tellConsent(),
    ]);
    const derived = store.derived(accountId);
    const { fullReconcile, unfinished, syncedAt } = schedule;
    const reconcileAll = distrust || isFullReconcileDue(schedule, now());
    const thorough = distrust || (fullReconcile.kind === 'due' && fullReconcile.thorough);
    const messagesOf = await messageStates(scope, (id) => derived.conversation(id));
    const update = (scan: 'touched' | 'all') =>
      updates.update(engine, { scan, messagesOf, onProgress });
    const pins = await store.owned.pins.of(accountId);

    try {
      const recent: StoredChanges[] = [];
      const onRecent = async () => {
        try {
          // Part of fetching them: what is shown does not go back and forth between steps.
          recent.push(await updates.update(engine, { scan: 'touched', messagesOf }));
        } finally {
          await engine.call('continueSync', {});
        }
      };
      onProgress({ step: 'syncing', done: 0, total: null });
      const input = {
        scope,
        thorough,
        also: scope.kind === 'all' ? unfinished : [],
        pinned: pins.map(({ conversationId }) => conversationId),
        quietSince: syncedAt,
        knownEligible: schedule.knownEligible ?? [],
      };
      const synced = await following(connection, onProgress, onRecent, () =>
        engine.call('sync', input),
      ).catch(async (error: unknown) => {
        // What was fetched before it failed will not be fetched again.
        await update('touched').catch(() => undefined);
        throw error;
      });
      const stored = await update(reconcileAll ? 'all' : 'touched');
      const reconciled = reconcileAll ? { answered: fullReconcile, at: now() } : null;
      note((current) => afterSync(current, scope, synced, reconciled));
      return outcomeOf(scope, synced, [stored, ...recent]);
    } finally {
      const calls = await engine.call('takeCallCount', {}).catch(() => 0);
      note((current) => withCalls(current, calls, now()));
    }
  });
}

/**
 * Passes the engine's progress on while it syncs, and stores what a large sync fetched first.
 * Settles when both are over.
 */
async function following<Output>(
  connection: DatabaseConnection,
  onProgress: OnProgress,
  onRecent: () => Promise<void>,
  work: () => Promise<Output>,
): Promise<Output> {
  let storing: Promise<void> = Promise.resolve();
  const stop = connection.listen((event: EngineEvent) => {
    if (event.type === 'recent-fetched') storing = onRecent();
    if (event.type !== 'progress') return;
    const { part, done, total } = event;
    onProgress({ step: part === 'all' ? 'syncing' : part, done, total });
  });
  try {
    const output = await work();
    await storing;
    return output;
  } finally {
    stop();
    storing.catch(() => undefined); // the work itself failed, and that is said
  }
}

function outcomeOf(
  scope: SyncScope,
  { eligibleParts, ...synced }: SyncOutput,
  parts: readonly [StoredChanges, ...StoredChanges[]],
): RunOutcome {
  const { newlyAllowed, ...counts } = parts.reduce(addStored);
  return {
    summary: { ...synced, eligibleParts: eligibleParts?.parts, ...counts },
    toFollow: scope.kind === 'all' ? [] : newlyAllowed,
  };
}

interface Reconciled {
  /** What the schedule said before. */
  readonly answered: FullReconcile;
  readonly at: Milliseconds;
}

/** @param reconciled null where not every conversation was. */
function afterSync(
  schedule: ScheduleState,
  scope: SyncScope,
  { failures, eligibleParts }: SyncOutput,
  reconciled: Reconciled | null,
): ScheduleState {
  const failed = failures.flatMap(({ conversationId }) => conversationId ?? []);
  const known = withKnownEligible(schedule, eligibleParts);
  const next =
    reconciled === null ? known : withReconcileDone(known, reconciled.answered, reconciled.at);
  switch (scope.kind) {
    case 'all':
      return { ...next, unfinished: failed };
    case 'conversation': {
      const others = schedule.unfinished.filter((id) => id !== scope.conversationId);
      return { ...next, unfinished: [...others, ...failed] };
    }
    case 'conversations':
    case 'preferences':
      return next;
  }
}

/** Whose messages a run may bring into the store: allowed ones, and those that it was asked for. */
async function messageStates(
  scope: SyncScope,
  find: (id: ConversationId) => Promise<{ readonly consent: ConsentState } | null>,
): Promise<ConsentFilter> {
  switch (scope.kind) {
    case 'all':
      return normaliseConsentFilter(['allowed', ...scope.consent]);
    case 'conversation': {
      const conversation = await find(scope.conversationId);
      return normaliseConsentFilter(['allowed', ...(conversation ? [conversation.consent] : [])]);
    }
    case 'conversations':
    case 'preferences':
      return ['allowed'];
  }
}
