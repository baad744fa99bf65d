/**
 * A run by itself that needs no engine: where the last sync found nothing and the database has been closed
 * since, libxmtp's questions are asked again, and the same answers mean that there is still nothing
 * (shared/quiet-sync.ts). Anything else is for libxmtp to look at, an answer that fails included.
 */
import type { ReadyAccount } from '../../shared/account.ts';
import { readOutcome } from '../../shared/grpc-web.ts';
import type { Milliseconds } from '../../shared/ids.ts';
import { endpointsOf } from '../../shared/network-choice.ts';
import { fingerprintOfAnswer, type Question, type QuietSync } from '../../shared/quiet-sync.ts';
import type { Run, RunTrigger, TrafficSummary } from '../../shared/run.ts';
import type { OwnedStore } from '../../store/owned/store.ts';
import type { Connection } from '../connection/connection.ts';
import { isComparisonDue } from './comparison.ts';
import type { RunOutcome } from './execute.ts';

export interface AskAgainOptions {
  readonly owned: Pick<OwnedStore, 'quietSync' | 'schedule' | 'consentIntents'>;
  readonly connection: Pick<Connection, 'isAtRest'>;
  readonly account: () => Promise<ReadyAccount>;
  readonly fetch: typeof fetch;
  readonly now: () => Milliseconds;
}

export interface AskedAgain {
  /** Null where there may be something: then libxmtp has to look. */
  readonly outcome: RunOutcome | null;
  readonly calls: number;
}

/** Whoever asks for a sync by hand, or because something happened, gets libxmtp's own. */
const byItself: readonly RunTrigger[] = ['alarm', 'start', 'unlock', 'online'];
/** libxmtp has work of its own that only an open database gets done (keys, messages that disappear). */
const vouchedFor = 60 * 60_000;
/** Milliseconds; libxmtp's own call is more patient. */
const deadline = 5_000;

/** @param onAsk comes before the network is asked, which it is not where libxmtp has to look anyway. */
export async function askAgain(
  options: AskAgainOptions,
  run: Run,
  onAsk: () => void,
): Promise<AskedAgain> {
  const quiet = await usable(options, run);
  if (quiet === null) return { outcome: null, calls: 0 };
  onAsk();
  const { questions, eligible, at } = quiet;
  const answers = await Promise.all(questions.map((question) => ask(options.fetch, question)));
  const calls = questions.length;
  const received = answers.reduce<number | null>(
    (sum, bytes) => (sum === null || bytes === null ? null : sum + bytes),
    0,
  );
  if (received === null) return { outcome: null, calls };
  const traffic: TrafficSummary = {
    calls,
    failedCalls: 0,
    bytesSent: questions.reduce((sum, { body }) => sum + body.length, 0),
    bytesReceived: received,
  };
  const nothing = {
    ...{ newConversations: 0, updatedConversations: 0, newMessages: 0, consentChanges: 0 },
    ...{ repaired: 0, findings: [], failures: [] },
  };
  const summary = { eligible, synced: 0, ...nothing, traffic, asAt: at };
  return { outcome: { summary, toFollow: [] }, calls };
}

async function usable(
  { owned, connection, account, now }: AskAgainOptions,
  { scope, trigger, completes }: Run,
): Promise<QuietSync | null> {
  if (scope.kind !== 'all' || completes !== null || !byItself.includes(trigger)) return null;
  if (!connection.isAtRest) return null;
  const [quiet, schedule, intents, { installationId, network }] = await Promise.all([
    owned.quietSync(),
    owned.schedule(),
    owned.consentIntents(),
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
    age < vouchedFor &&
    // What that sync found out, and all before it, has reached the store.
    schedule.syncedAt >= quiet.at &&
    !isComparisonDue(schedule, now()) &&
    schedule.unfinished.length === 0 &&
    // What the person chose meanwhile decides what is synced.
    intents.length === 0 &&
    quiet.questions.every(({ url }) => hosts.includes(new URL(url).origin));
  return isUsable ? quiet : null;
}

/** The length of the answer; null if it is another one than last time, or fails. */
async function ask(
  fetchNow: typeof fetch,
  { url, headers, body, answer }: Question,
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
