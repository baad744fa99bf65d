import { beforeEach, expect, test } from 'vitest';
import {
  probeFreshness,
  type FreshnessProbeOptions,
} from '../../../../src/background/sync/freshness-probe.ts';
import type { ReadyAccount } from '../../../../src/shared/account.ts';
import type { ConversationId, InstallationId, RunId } from '../../../../src/shared/ids.ts';
import { fingerprintOfAnswer, type ProbeBaseline } from '../../../../src/shared/probe-baseline.ts';
import type { Run } from '../../../../src/shared/run.ts';
import { neverReconciled } from '../../../../src/store/owned/full-reconcile.ts';
import { initialSchedule, type ScheduleState } from '../../../../src/store/owned/schedule-state.ts';

const installationId = '01'.repeat(32) as InstallationId;
const node = 'http://node.test:5557';
const url = `${node}/xmtp.mls.api.v1.MlsApi/QueryWelcomeMessages`;
const now = 1_000_000_000;

/** A message and a trailer that says how the call ended. */
function answerOf(message: readonly number[], status = 0): Uint8Array<ArrayBuffer> {
  const trailer = new TextEncoder().encode(`grpc-status:${status}\r\n`);
  const head = [0, 0, 0, 0, message.length, ...message];
  return Uint8Array.from([...head, 0x80, 0, 0, 0, trailer.length, ...trailer]);
}

let baseline: ProbeBaseline | null;
const eligibleParts = { conversations: 6, deviceSync: 1, duplicates: 1, unidentified: 0 };
let schedule: ScheduleState;
let intents: unknown[];
let isAtRest: boolean;
let respond: () => Promise<Response>;
let asked: { url: string; body: unknown }[];
/** How often it was said that asking begins. */
let steps: number;

beforeEach(async () => {
  const answer = await fingerprintOfAnswer(answerOf([]));
  baseline = {
    ...{ installationId, consent: ['allowed'], at: now - 60_000, eligible: 8, eligibleParts },
    calls: [{ url, headers: { 'x-app-version': '1' }, body: Uint8Array.of(7, 7), answer }],
  };
  schedule = {
    ...initialSchedule,
    syncedAt: now - 50_000,
    fullReconcile: { kind: 'done', at: now - 3_600_000 },
  };
  intents = [];
  isAtRest = true;
  asked = [];
  steps = 0;
  respond = () => Promise.resolve(new Response(answerOf([])));
});

const run = (changes: Partial<Run> = {}) =>
  ({
    id: 'run' as RunId,
    scope: { kind: 'all', consent: ['allowed'] },
    trigger: 'alarm',
    completes: null,
    state: 'queued',
    ...changes,
  }) as Run;

function ask(changes: Partial<Run> = {}) {
  const options: FreshnessProbeOptions = {
    owned: {
      probeBaseline: { read: () => Promise.resolve(baseline) },
      schedule: { read: () => Promise.resolve(schedule) },
      consentIntents: { all: () => Promise.resolve(intents as never) },
    },
    connection: { isAtRest },
    account: () =>
      Promise.resolve({
        installationId,
        network: { kind: 'custom', nodeUrl: node, historyUrl: 'http://history.test' },
      } as unknown as ReadyAccount),
    fetch: (input, init) => {
      asked.push({ url: input as string, body: init?.body });
      return respond();
    },
    now: () => now,
  };
  return probeFreshness(options, run(changes), () => steps++);
}

test('the same answers mean that there is nothing new, and the summary says since when', async () => {
  const { outcome, calls } = await ask();
  expect(calls).toBe(1);
  expect(steps).toBe(1);
  expect(asked).toEqual([{ url, body: Uint8Array.of(7, 7) }]);
  expect(outcome?.toFollow).toEqual([]);
  expect(outcome?.summary).toMatchObject({
    ...{ eligible: 8, eligibleParts, synced: 0, newMessages: 0, failures: [], asAt: now - 60_000 },
    traffic: { calls: 1, failedCalls: 0, bytesSent: 2, bytesReceived: answerOf([]).length },
  });
});

test.each<[string, () => Promise<Response>]>([
  ['another answer', () => Promise.resolve(new Response(answerOf([0x0a, 1, 7])))],
  ['a refusal', () => Promise.resolve(new Response(answerOf([], 14)))],
  ['an answer that was cut off', () => Promise.resolve(new Response(answerOf([]).slice(0, 5)))],
  ['an error page', () => Promise.resolve(new Response(answerOf([]), { status: 503 }))],
  ['no network', () => Promise.reject(new TypeError('Failed to fetch'))],
])('with %s libxmtp has to look, and the calls are counted', async (_what, answer) => {
  respond = answer;
  expect(await ask()).toEqual({ outcome: null, calls: 1 });
});

test.each<[string, () => unknown]>([
  ['a sync by hand', () => ({ trigger: 'user' })],
  ['a run that completes another one', () => ({ completes: 'other' as RunId })],
  ['one conversation', () => ({ scope: { kind: 'conversations' } })],
  ['other consent states', () => ({ scope: { kind: 'all', consent: ['allowed', 'unknown'] } })],
  ['nothing vouched for', () => void (baseline = null)],
  ['an open database', () => void (isAtRest = false)],
  ['another installation', () => void (baseline = { ...baseline!, installationId: 'x' as never })],
  ['an hour gone by', () => void (baseline = { ...baseline!, at: now - 3_600_000 })],
  ['a clock put back', () => void (baseline = { ...baseline!, at: now + 1 })],
  ['a sync that did not end well', () => void (schedule = { ...schedule, syncedAt: now - 60_001 })],
  [
    'a day without a full reconcile',
    () =>
      void (schedule = { ...schedule, fullReconcile: { kind: 'done', at: now - 25 * 3_600_000 } }),
  ],
  ['an unclean end', () => void (schedule = { ...schedule, fullReconcile: neverReconciled })],
  [
    'something unfinished',
    () => void (schedule = { ...schedule, unfinished: ['a' as ConversationId] }),
  ],
  ['a choice that libxmtp has not heard of', () => void intents.push({})],
  [
    'another node',
    () =>
      void (baseline = {
        ...baseline!,
        calls: [{ ...baseline!.calls[0]!, url: 'http://elsewhere.test/x' }],
      }),
  ],
])('with %s nobody is asked', async (_what, change) => {
  expect(await ask((change() ?? {}) as Partial<Run>)).toEqual({ outcome: null, calls: 0 });
  expect(asked).toEqual([]);
  expect(steps).toBe(0);
});
