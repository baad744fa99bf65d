import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ConsentState } from '../../../../src/shared/consent.ts';
import type { ConversationId } from '../../../../src/shared/ids.ts';
import type { ConversationIndex } from '../../../../src/engine/conversations/conversation-index.ts';
import { PendingChanges } from '../../../../src/engine/changes/pending-changes.ts';
import { fingerprintOf } from '../../../../src/engine/changes/index-state.ts';
import type { ObservedCall } from '../../../../src/engine/traffic/evidence.ts';

const id = (text: string) => text as ConversationId;

function indexOf(
  consents: Readonly<Record<string, ConsentState>>,
  duplicates: Readonly<Record<string, string>> = {},
  imported: readonly string[] = [],
): ConversationIndex {
  const listed = Object.keys(consents).map((name) => ({ id: id(name) }));
  return {
    listed,
    byId: new Map(listed.map((one) => [one.id, one])),
    consents: new Map(Object.entries(consents)),
    imported: new Set(imported),
    duplicates: new Map(Object.entries(duplicates)),
  } as unknown as ConversationIndex;
}

const before = indexOf({ a: 'allowed', b: 'unknown' }, { a2: 'a' });
let now: ConversationIndex;
let read: ReturnType<typeof vi.fn<() => ConversationIndex>>;
let pending: PendingChanges;
beforeEach(() => {
  now = before;
  read = vi.fn(() => now);
  pending = new PendingChanges(read);
});

/** To a store whose cursor predates this session's deliveries. */
const deliver = (token: string, acknowledged: string | null) =>
  pending.deliver(token, { token: acknowledged, fingerprint: null });
const changed = (token: string, acknowledged: string | null) =>
  deliver(token, acknowledged).changed;

const call: ObservedCall = {
  method: 'QueryGroupMessages',
  groupId: null,
  bytesSent: 1,
  bytesReceived: 1,
  found: true,
  outcome: { ok: true },
};
const failure = {
  ok: false,
  code: 'network_failed',
  detail: 'gRPC status 13',
  retryAfter: null,
} as const;
const fetched = (groupId: string) => pending.addCall({ ...call, groupId });
const welcomed = () => pending.addCall({ ...call, method: 'QueryWelcomeMessages' });

test('fetched conversations are delivered once, without listing the others', () => {
  fetched('a');
  expect([...changed('t1', null)]).toEqual(['a']);
  expect([...changed('t2', 't1')]).toEqual([]);
  expect(read).toHaveBeenCalledTimes(1);
});

test('a delivery that was not acknowledged is repeated, with what came since', () => {
  fetched('a');
  deliver('t1', null);
  fetched('b');
  expect([...changed('t2', null)].sort()).toEqual(['a', 'b']);
});

test('a duplicate stands for the conversation that lists show', () => {
  fetched('a2');
  expect([...changed('t1', null)]).toEqual(['a']);
  expect(read).toHaveBeenCalledTimes(1);
});

test('a group that is not listed may carry preferences, so consents are compared', () => {
  fetched('device-sync');
  now = indexOf({ a: 'denied', b: 'unknown', c: 'allowed' });
  expect([...changed('t1', null)].sort()).toEqual(['a', 'c']);
  expect(read).toHaveBeenCalledTimes(2);
});

test('a changed consent that was not acknowledged is delivered again', () => {
  pending.addUnknown();
  now = indexOf({ a: 'denied', b: 'unknown' });
  deliver('t1', null);
  expect([...changed('t2', null)]).toEqual(['a']);
  expect([...changed('t3', 't2')]).toEqual([]);
});

test('an imported conversation is delivered when its welcome comes, even if nothing else changed', () => {
  now = indexOf({ a: 'allowed', b: 'allowed' }, {}, ['a', 'b']);
  pending.addUnknown();
  now = indexOf({ a: 'allowed', b: 'allowed' }, {}, ['b']);
  expect(deliver('t1', null)).toMatchObject({ changed: new Set(['a']), fresh: new Set() });
  expect([...changed('t2', 't1')]).toEqual([]);
});

test('a conversation that absorbs another one is new to the store, also when delivered again', () => {
  pending.addUnknown();
  pending.addConversation('a');
  now = indexOf({ a3: 'allowed', b: 'unknown' }, { a: 'a3', a2: 'a3' });
  const expected = { changed: new Set(['a3']), fresh: new Set(['a3']) };
  expect(deliver('t1', null)).toMatchObject(expected);
  expect(deliver('t2', null)).toMatchObject(expected);
});

describe('the list of conversations is read late', () => {
  const nothing = { changed: new Set(), fresh: new Set(), first: new Set() };

  test('not at all while calls bring nothing, and nothing is pending then', () => {
    pending.addCall({ ...call, method: 'GetNewestGroupMessage' });
    pending.addCall({ ...call, method: 'QueryWelcomeMessages', found: false });
    pending.addCall({ ...call, groupId: 'a', outcome: failure });
    const consents = pending.watchConsents();
    expect(consents()).toBeNull();
    expect(pending.deliver('t1', { token: 't0', fingerprint: 'r0' })).toEqual({
      ...nothing,
      fingerprint: 'r0',
    });
    expect(read).not.toHaveBeenCalled();
  });

  test.each([
    ['messages of a conversation', () => fetched('a')],
    ['messages of a sync group', () => fetched('device-sync')],
    ['a welcome', () => welcomed()],
    ['an operation that changes consents', () => pending.remember()],
    ['an import, a stream', () => pending.addUnknown()],
  ])('but before libxmtp hears of %s', (_, hear) => {
    hear();
    expect(read).toHaveBeenCalledTimes(1);
    now = indexOf({ a: 'denied', b: 'allowed', c: 'unknown' });
    pending.addUnknown();
    expect(deliver('t1', null)).toMatchObject({
      changed: new Set(['a', 'b', 'c']),
      fresh: new Set(['c']),
    });
  });

  test('an answer that cannot be recorded is refused, and recorded when it comes again', () => {
    read.mockImplementationOnce(() => {
      throw new Error('the database is busy');
    });
    expect(() => fetched('device-sync')).toThrow('busy');
    fetched('device-sync');
    now = indexOf({ a: 'denied', b: 'unknown' });
    expect([...changed('t1', null)]).toEqual(['a']);
  });

  test('after empty deliveries, the first finding is compared with the list before it', () => {
    expect(deliver('t1', 't0')).toMatchObject(nothing);
    expect(deliver('t2', 't0')).toMatchObject(nothing);
    fetched('device-sync');
    now = indexOf({ a: 'denied', b: 'unknown' });
    expect([...changed('t3', 't0')]).toEqual(['a']);
    expect([...changed('t4', 't0')]).toEqual(['a']);
    expect([...changed('t5', 't4')]).toEqual([]);
  });
});

describe('what libxmtp changed unannounced, between two sessions or in one', () => {
  const acknowledged = { token: 't0', fingerprint: fingerprintOf(before) };
  const silently = indexOf({ a: 'denied', b: 'unknown', c: 'allowed' });

  test('is delivered with the first finding, because the store acknowledged another list', () => {
    now = silently;
    fetched('a');
    expect([...pending.deliver('t1', acknowledged).changed].sort()).toEqual(['a', 'b', 'c']);
  });

  test('is delivered until it is acknowledged, and not after', () => {
    now = silently;
    fetched('a');
    pending.deliver('t1', acknowledged);
    const { changed: again, fingerprint } = pending.deliver('t2', acknowledged);
    expect([...again].sort()).toEqual(['a', 'b', 'c']);
    expect(fingerprint).toBe(fingerprintOf(silently));
    expect(pending.deliver('t3', { token: 't2', fingerprint })).toMatchObject({
      changed: new Set(),
    });
  });

  test('is delivered by the next session if this one ends before its acknowledgement', () => {
    fetched('device-sync');
    now = silently;
    expect([...pending.deliver('t1', acknowledged).changed].sort()).toEqual(['a', 'c']);
    pending = new PendingChanges(read);
    fetched('b');
    expect([...pending.deliver('t2', acknowledged).changed].sort()).toEqual(['a', 'b', 'c']);
  });

  test('is nothing where the store acknowledged this list, in whatever order', () => {
    now = indexOf({ b: 'unknown', a: 'allowed' });
    fetched('a');
    expect([...pending.deliver('t1', acknowledged).changed]).toEqual(['a']);
  });

  test('is not looked for where the cursor has no fingerprint', () => {
    now = silently;
    fetched('a');
    expect([...changed('t1', 't0')]).toEqual(['a']);
  });
});

describe('watching consents during a sync', () => {
  test('from a list that was known', () => {
    pending.remember();
    const compare = pending.watchConsents();
    expect(compare()).toBeNull();
    now = indexOf({ a: 'denied', b: 'unknown' });
    fetched('device-sync');
    expect(compare()).toEqual({ before: before.consents, after: now.consents });
  });

  test('from the list that was read before the first finding, also when it was read again meanwhile', () => {
    const compare = pending.watchConsents();
    welcomed();
    now = indexOf({ a: 'allowed', b: 'allowed' });
    pending.index();
    expect(compare()).toEqual({ before: before.consents, after: now.consents });
  });

  test('conversations that were fetched leave the list as it was', () => {
    const compare = pending.watchConsents();
    fetched('a');
    expect(compare()).toBeNull();
  });
});
