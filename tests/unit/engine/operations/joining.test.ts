import { create, toBinary } from '@bufbuild/protobuf';
import { beforeEach, expect, test, vi } from 'vitest';
import { QueryWelcomeMessagesResponseSchema } from '../../../../network/gen/xmtp/mls/api/v1/mls_pb.ts';
import { Joining } from '../../../../src/engine/operations/joining.ts';
import type { OperationContext } from '../../../../src/engine/session/session.ts';
import { Evidence } from '../../../../src/engine/traffic/evidence.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

/** The node's answer with so many welcomes in it. */
function welcomes(count: number): Uint8Array {
  const messages = Array.from({ length: count }, (_, id) => ({
    version: { case: 'v1' as const, value: { id: BigInt(id), createdNs: 1n } },
  }));
  const schema = QueryWelcomeMessagesResponseSchema;
  const bytes = toBinary(schema, create(schema, { messages }));
  const frame = new Uint8Array(5 + bytes.length);
  new DataView(frame.buffer).setUint32(1, bytes.length);
  frame.set(bytes, 5);
  return frame;
}

/** An inbox with three conversations, and whatever comes to them; a look takes `lookTakes` ms. */
function start({ lookTakes = 0 } = {}) {
  let listed = 3;
  let looks = 0;
  let isBroken = false;
  const list = () => {
    looks++;
    if (isBroken) throw new Error('the database is locked');
    vi.advanceTimersByTime(lookTakes);
    return Array.from({ length: listed });
  };
  const told: unknown[] = [];
  const evidence = new Evidence();
  const joining = new Joining({
    session: { client: { conversations: () => ({ list }) } },
    evidence,
    emit: ({ at: _, ...event }: { at: number }) => told.push(event),
  } as unknown as OperationContext);
  return {
    evidence,
    told,
    looks: () => looks,
    joins: (count: number) => (listed += count),
    fails: (isSo: boolean) => (isBroken = isSo),
    welcomes: (count: number) => joining.passing('QueryWelcomeMessages', welcomes(count)),
    /** libxmtp meets somebody, so many ms after the last time. */
    meets: (later: number) => {
      vi.advanceTimersByTime(later);
      joining.passing('GetIdentityUpdates', new Uint8Array());
    },
  };
}

const progress = (done: number, total: number) => ({
  type: 'progress',
  part: 'joining',
  done,
  total,
});

test('says how many welcomes there are, and how many have become conversations', () => {
  const { told, joins, ...inbox } = start();
  inbox.welcomes(10);
  joins(4);
  inbox.meets(500);
  joins(5);
  inbox.meets(500);
  expect(told).toEqual([progress(0, 10), progress(4, 10), progress(9, 10)]);
});

test('further pages add to the total', () => {
  const { told, ...inbox } = start();
  inbox.welcomes(10);
  inbox.welcomes(5);
  expect(told.at(-1)).toEqual(progress(0, 15));
});

test('never claims more than there are, and never goes back', () => {
  const { told, joins, ...inbox } = start();
  inbox.welcomes(2);
  joins(5);
  inbox.meets(500);
  joins(-4);
  inbox.meets(500);
  expect(told.slice(1)).toEqual([progress(2, 2), progress(2, 2)]);
});

test('looks now and then, and less often the longer a look takes', () => {
  const inbox = start({ lookTakes: 50 });
  inbox.welcomes(100);
  const first = inbox.looks();
  for (let i = 0; i < 60; i++) inbox.meets(50);
  // Three seconds: the first look after 300 ms, the next 1,500 ms after it.
  expect(inbox.looks() - first).toBe(2);
});

test('a look that fails harms nobody, and the next one counts', () => {
  const { told, joins, fails, ...inbox } = start();
  inbox.welcomes(10);
  fails(true);
  expect(() => inbox.meets(500)).not.toThrow();
  fails(false);
  joins(4);
  inbox.meets(500);
  expect(told).toEqual([progress(0, 10), progress(4, 10)]);
});

test('without welcomes nothing is said and nobody looks', () => {
  const inbox = start();
  inbox.welcomes(0);
  inbox.meets(1000);
  expect([inbox.told, inbox.looks()]).toEqual([[], 0]);
});

test('says nothing when messages are being fetched already', () => {
  const inbox = start();
  inbox.evidence.add({
    method: 'QueryGroupMessages',
    groupId: 'a',
    bytesSent: 1,
    bytesReceived: 1,
    found: true,
    outcome: { ok: true },
  });
  inbox.welcomes(10);
  expect(inbox.told).toEqual([]);
});
