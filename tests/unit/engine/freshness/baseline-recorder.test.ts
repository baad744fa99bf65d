import { beforeEach, expect, test } from 'vitest';
import { BaselineRecorder } from '../../../../src/engine/freshness/baseline-recorder.ts';
import type { Exchange } from '../../../../src/engine/traffic/observer.ts';
import type { SyncInput, SyncOutput } from '../../../../src/shared/engine-protocol.ts';
import type { InstallationId } from '../../../../src/shared/ids.ts';

const installation = '01'.repeat(32) as InstallationId;
const everything: SyncInput = {
  scope: { kind: 'all', consent: ['allowed'] },
  thorough: false,
  also: [],
  pinned: [],
  quietSince: 0,
  knownEligible: [],
};
const nothing = answerWith([]);
const something = answerWith([0x0a, 0x01, 0x07]);

/** One message in gRPC-web's framing. */
function answerWith(message: readonly number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([0, 0, 0, 0, message.length, ...message]);
}

const exchange = (method: string, changes: Partial<Exchange> = {}): Exchange => ({
  method,
  request: new Request(`http://node.test/xmtp.mls.api.v1.MlsApi/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/grpc-web+proto' },
  }),
  body: Uint8Array.of(1, 2, 3),
  answer: nothing,
  ...changes,
});
const welcomes = exchange('QueryWelcomeMessages');
const newest = exchange('GetNewestGroupMessage', { answer: something });

const eligibleParts = { conversations: 6, deviceSync: 1, duplicates: 1, unidentified: 0 };
const output = (calls: number, changes: Partial<SyncOutput> = {}): SyncOutput => ({
  eligible: 8,
  eligibleParts: { groups: 'fingerprint', parts: eligibleParts },
  synced: 0,
  failures: [],
  traffic: { calls, failedCalls: 0, bytesSent: 0, bytesReceived: 0 },
  ...changes,
});

let writes: number;
let watch: BaselineRecorder;
beforeEach(() => {
  writes = 101;
  watch = new BaselineRecorder({ writes: () => writes, now: () => 5000 });
});

const sync = (
  exchanges: readonly Exchange[],
  answered: SyncOutput = output(exchanges.length),
  input: SyncInput = everything,
) =>
  watch.record(input, installation, async () => {
    for (const one of exchanges) watch.answered(one);
    return answered;
  });

test('a sync that found nothing is vouched for, with what was asked and answered', async () => {
  await sync([welcomes, newest]);
  const quiet = await watch.baseline();
  expect(quiet).toMatchObject({
    ...{ installationId: installation, consent: ['allowed'], at: 5000, eligible: 8 },
    eligibleParts,
    calls: [
      { headers: { 'content-type': 'application/grpc-web+proto' }, body: Uint8Array.of(1, 2, 3) },
      { url: 'http://node.test/xmtp.mls.api.v1.MlsApi/GetNewestGroupMessage' },
    ],
  });
  expect(quiet?.calls[0]?.answer).not.toBe(quiet?.calls[1]?.answer);
});

test('what another call does afterwards changes nothing, as long as nothing is written', async () => {
  await sync([welcomes, newest]);
  watch.answered(exchange('GetIdentityUpdates', { answer: something }));
  expect((await watch.baseline())?.calls).toHaveLength(2);
  writes++;
  expect(await watch.baseline()).toBeNull();
});

test('a write during the sync, or while its word is being made, takes it back', async () => {
  await watch.record(everything, installation, async () => {
    watch.answered(welcomes);
    writes++;
    return output(1);
  });
  expect(await watch.baseline()).toBeNull();
  await sync([welcomes]);
  const vouched = watch.baseline();
  writes++;
  expect(await vouched).toBeNull();
});

test.each<[string, readonly Exchange[], SyncOutput, SyncInput]>([
  ['fetched something', [welcomes, newest], output(2, { synced: 1 }), everything],
  [
    'found a welcome',
    [exchange('QueryWelcomeMessages', { answer: something })],
    output(1),
    everything,
  ],
  ['told something', [welcomes, exchange('SendWelcome', { body: null })], output(2), everything],
  ['had a call that failed', [welcomes], output(2), everything],
  ['asked nobody', [], output(0), everything],
  [
    'had a failure',
    [welcomes],
    output(1, {
      failures: [{ conversationId: null, error: { code: 'network_failed', detail: '' } as never }],
    }),
    everything,
  ],
  ['synced one by one', [welcomes], output(1), { ...everything, thorough: true }],
  [
    'was of preferences alone',
    [welcomes],
    output(1),
    { ...everything, scope: { kind: 'preferences' } },
  ],
])('nothing is vouched for by a sync that %s', async (_what, exchanges, answered, input) => {
  await sync(exchanges, answered, input);
  expect(await watch.baseline()).toBeNull();
});

test('a later sync that found something, or failed, takes the word of the earlier one back', async () => {
  await sync([welcomes, newest]);
  await sync([welcomes, newest], output(2, { synced: 2 }));
  expect(await watch.baseline()).toBeNull();
  await sync([welcomes, newest]);
  await expect(
    watch.record(everything, installation, () => Promise.reject(new Error('no network'))),
  ).rejects.toThrow();
  expect(await watch.baseline()).toBeNull();
});
