import { create, toBinary } from '@bufbuild/protobuf';
import { ConsentState } from '@xmtp/wasm-bindings';
import { expect, test, vi } from 'vitest';
import { GetNewestGroupMessageResponseSchema } from '../../../../network/gen/xmtp/mls/api/v1/mls_pb.ts';
import { RecentFirst } from '../../../../src/engine/operations/recent-first.ts';
import type { OperationContext } from '../../../../src/engine/session/session.ts';
import { Evidence } from '../../../../src/engine/traffic/evidence.ts';

const minute = 60_000;
const syncedAt = 1_790_000_000_000;

interface Entry {
  readonly groupId: Uint8Array;
  readonly createdNs: bigint;
  readonly isCommit: boolean;
}

/** What a group was last changed by. */
const change = (milliseconds: number, isCommit = false): Entry => ({
  groupId: new Uint8Array([1, 2]),
  createdNs: BigInt(milliseconds) * 1_000_000n,
  isCommit,
});

const other: Entry = { ...change(syncedAt + minute), groupId: new Uint8Array([3]) };

/** The node's answer: the newest of each group. */
function answerOf(...entries: readonly Entry[]): Uint8Array {
  const responses = entries.map((value) => ({
    groupMessage: { version: { case: 'v1' as const, value: { id: 7n, ...value } } },
  }));
  const bytes = toBinary(
    GetNewestGroupMessageResponseSchema,
    create(GetNewestGroupMessageResponseSchema, { responses }),
  );
  const frame = new Uint8Array(5 + bytes.length);
  new DataView(frame.buffer).setUint32(1, bytes.length);
  frame.set(bytes, 5);
  return frame;
}

/** What a sync that follows the last one by a while makes of an answer. */
async function pass(answer: Uint8Array, index: () => object, further: number): Promise<Evidence> {
  const { evidence, recent } = begin(index, further);
  recent.sending(method);
  await recent.passing(method, answer);
  return evidence;
}

const method = 'GetNewestGroupMessage';

function begin(index: () => object, further: number) {
  const evidence = new Evidence();
  const context = { session: { pending: { index } }, evidence, emit: vi.fn() };
  const recent = new RecentFirst(context as unknown as OperationContext, {
    consent: ['allowed'],
    pinned: [],
    quietSince: syncedAt,
    further,
  });
  return { evidence, recent };
}

test.each([
  ['long before the last sync', syncedAt - 60 * minute, 0],
  ['about when it was, by clocks that may differ', syncedAt - minute, 1],
  ['since then', syncedAt + minute, 1],
])('what was written to %s', async (_, at, looks) => {
  const index = vi.fn(() => ({ byId: new Map(), duplicates: new Map() }));
  const evidence = await pass(answerOf(change(at)), index, 2);
  expect(index).toHaveBeenCalledTimes(looks);
  expect(evidence.progress.total).toBe(2);
});

test.each([
  ['a message that is here', false, -minute, -minute, 0],
  ['a message after the last one here', false, -minute, -2 * minute, 1],
  ['a change after the last message here', true, -minute, -2 * minute, 1],
  ['a message where there is none', false, -60 * minute, null, 1],
  ['a change where there is no message, since the last sync', true, minute, null, 1],
  ['a change where there is no message, long before the last sync', true, -60 * minute, null, 0],
])('%s', async (_, isCommit, at, lastMessage, stale) => {
  const listed = {
    lastMessageAt: lastMessage === null ? null : BigInt(syncedAt + lastMessage) * 1_000_000n,
    conversation: { consentState: () => ConsentState.Allowed },
  };
  const index = () => ({ byId: new Map([['0102', listed]]), duplicates: new Map() });
  // Another one was written to just now, or nothing would be looked at.
  const evidence = await pass(answerOf(change(syncedAt + at, isCommit), other), index, 0);
  expect(evidence.progress.total).toBe(stale);
});

const listedAllowed = (ids: readonly string[]) => ({
  byId: new Map(
    ids.map((id) => [
      id,
      { lastMessageAt: null, conversation: { consentState: () => ConsentState.Allowed } },
    ]),
  ),
  duplicates: new Map(),
});

/** Lets everything that waits for nothing happen. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

test('of more than a thousand conversations libxmtp asks in several calls, and all answers count', async () => {
  const { evidence, recent } = begin(() => listedAllowed(['0102', '03']), 0);
  recent.sending(method);
  recent.sending(method);
  const first = recent.passing(method, answerOf(change(syncedAt + minute)));
  await settle();
  expect(evidence.progress.total).toBeNull();
  await Promise.all([first, recent.passing(method, answerOf(other))]);
  expect(evidence.progress.total).toBe(2);
});

test('an answer that fails is not waited for', async () => {
  const { evidence, recent } = begin(() => listedAllowed(['0102', '03']), 0);
  recent.sending(method);
  recent.sending(method);
  const first = recent.passing(method, answerOf(change(syncedAt + minute)));
  recent.failed(method);
  await first;
  expect(evidence.progress.total).toBe(1);
});

test('where nothing was answered, the next try counts', async () => {
  const { evidence, recent } = begin(() => listedAllowed(['0102', '03']), 0);
  recent.sending(method);
  recent.failed(method);
  await settle();
  recent.sending(method);
  await recent.passing(method, answerOf(other));
  expect(evidence.progress.total).toBe(1);
});

test('what comes after it was served is let through', async () => {
  const index = vi.fn(() => listedAllowed(['0102', '03']));
  const { evidence, recent } = begin(index, 0);
  recent.sending(method);
  await recent.passing(method, answerOf(change(syncedAt + minute)));
  const looks = index.mock.calls.length;
  recent.sending(method);
  await recent.passing(method, answerOf(other));
  expect(index).toHaveBeenCalledTimes(looks);
  expect(evidence.progress.total).toBe(1);
});
