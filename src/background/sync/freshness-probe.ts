/**
 * A run by itself that needs no engine: where the last sync found nothing and the database has been closed
 * since, libxmtp's questions are asked again, and the same answers mean that there is still nothing
 * (shared/probe-baseline.ts). Anything else is for libxmtp to look at, an answer that fails included.
 */
import type { ReadyAccount } from '../../shared/account.ts';
import { readOutcome } from '../../shared/grpc-web.ts';
import type { Milliseconds } from '../../shared/ids.ts';
import { endpointsOf } from '../../shared/network-choice.ts';
import {
  fingerprintOfAnswer,
  type ProbeCall,
  type ProbeBaseline,
} from '../../shared/probe-baseline.ts';
import type { Run, RunTrigger, TrafficSummary } from '../../shared/run.ts';
import type { OwnedStore } from '../../store/owned/store.ts';
import type { DatabaseConnection } from '../connection/database-connection.ts';
import { isFullReconcileDue } from './full-reconcile.ts';
import type { RunOutcome } from './execute.ts';

export interface FreshnessProbeOptions {
  readonly owned: {
    readonly probeBaseline: Pick<OwnedStore['probeBaseline'], 'read'>;
    readonly schedule: Pick<OwnedStore['schedule'], 'read'>;
    readonly consentIntents: Pick<OwnedStore['consentIntents'], 'all'>;
  };
  readonly connection: Pick<DatabaseConnection, 'isAtRest'>;
  readonly account: () => Promise<ReadyAccount>;
  readonly fetch: typeof fetch;
  readonly now: () => Milliseconds;
}

export interface ProbeResult {
  /** Null where there may be something: then libxmtp has to look. */
  readonly outcome: RunOutcome | null;
  readonly calls: number;
}

/** Whoever asks for a sync by hand, or because something happened, gets libxmtp's own. */
const byItself: readonly RunTrigger[] = ['alarm', 'start', 'unlock', 'online'];
/** libxmtp has work of its own that only an open database gets done (keys, messages that disappear). */
const baselineLifetime = 60 * 60_000;
/** Milliseconds; libxmtp's own call is more patient. */
const deadline = 5_000;

/** @param onAsk comes before the network is asked, which it is not where libxmtp has to look anyway. */
export async function probeFreshness(
  options: FreshnessProbeOptions,
  run: Run,
  onAsk: () => void,
): Promise<ProbeResult> {
  const baseline = await usable(options, run);
  if (baseline === null) return { outcome: null, calls: 0 };
  onAsk();
  const { eligible, eligibleParts, at } = baseline;
  const answers = await Promise.all(baseline.calls.map((call) => ask(options.fetch, call)));
  const calls = baseline.calls.length;
  const received = answers.reduce<number | null>(
    (sum, bytes) => (sum === null || bytes === null ? null : sum + bytes),
    0,
  );
  if (received === null) return { outcome: null, calls };
  const traffic: TrafficSummary = {
    calls,
    failedCalls: 0,
    bytesSent: baseline.calls.reduce((sum, { body }) => sum + body.length, 0),
    bytesReceived: received,
  };
  const nothing = {
    ...{ newConversations: 0, updatedConversations: 0, newMessages: 0, consentChanges: 0 },
    ...{ repaired: 0, findings: [], failures: [] },
  };
  const summary = { eligible, eligibleParts, synced: 0, ...nothing, traffic, asAt: at };
  return { outcome: { summary, toFollow: [] }, calls };
}

async function usable(
  { owned, connection, account, now }: FreshnessProbeOptions,
  { scope, trigger, completes }: Run,
): Promise<ProbeBaseline | null> {
  if (scope.kind !== 'all' || completes !== null || !byItself.includes(trigger)) return null;
  if (!connection.isAtRest) return null;
  const [quiet, schedule, intents, { installationId, network }] = await Promise.all([
    owned.probeBaseline.read(),
    owned.schedule.read(),
    owned.consentIntents.all(),
    account(),
  ]);
  if (quiet === null) return null;
  const age = now() - quiet.at;
  const { nodeUrl, gatewayUrl } = endpointsOf(network);
  const hosts = [nodeUrl, gatewayUrl].flatMap((url) => (url === null ? [] : [new URL(url).origin]));
  const isUsable =
    quiet.installationId === installationId &&
    quiet.consent.join() === scope.consent.join() &&
    age >= 0 &&
    age < baselineLifetime &&
    // What that sync found out, and all before it, has reached the store.
    schedule.syncedAt >= quiet.at &&
    !isFullReconcileDue(schedule, now()) &&
    schedule.unfinished.length === 0 &&
    // What the person chose meanwhile decides what is synced.
    intents.length === 0 &&
    quiet.calls.every(({ url }) => hosts.includes(new URL(url).origin));
  return isUsable ? quiet : null;
}

/** The length of the answer; null if it is another one than last time, or fails. */
async function ask(
  fetchNow: typeof fetch,
  { url, headers, body, answer }: ProbeCall,
): Promise<number | null> {
  try {
    const response = await fetchNow(url, {
      method: 'POST',
      headers,
      body,
      cache: 'no-store',
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(deadline),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (!response.ok || readOutcome(response.headers, bytes).status !== 0) return null;
    return (await fingerprintOfAnswer(bytes)) === answer ? bytes.length : null;
  } catch {
    return null;
  }
}
