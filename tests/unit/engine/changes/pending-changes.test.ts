import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ConsentState } from '../../../../src/shared/consent.ts';
import type { ConversationId } from '../../../../src/shared/ids.ts';
import type { ConversationIndex } from '../../../../src/engine/conversations/conversation-index.ts';
import { PendingChanges } from '../../../../src/engine/changes/pending-changes.ts';
import { fingerprintOf } from '../../../../src/engine/changes/reported.ts';
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

/** A reading by a store that has heard of nothing but readings of this session. */
const handOut = (token: string, done: string | null) =>
  pending.handOut(token, { done, reported: null });
const changed = (token: string, done: string | null) => handOut(token, done).changed;

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

test('fetched conversations are handed out once, without listing the others', () => {
  fetched('a');
  expect([...changed('t1', null)]).toEqual(['a']);
  expect([...changed('t2', 't1')]).toEqual([]);
  expect(read).toHaveBeenCalledTimes(1);
});

test('a reading that did not arrive is handed out again, with what came since', () => {
  fetched('a');
  handOut('t1', null);
  fetched('b');
  expect([...changed('t2', null)].sort()).toEqual(['a', 'b']);
});

test('a duplicate stands for the conversation that lists show', () => {
  fetched('a2');
  expect([...changed('t1', null)]).toEqual(['a']);
  expect(read).toHaveBeenCalledTimes(1);
});

test('a group that is not listed makes consents be compared: it may carry preferences', () => {
  fetched('device-sync');
  now = indexOf({ a: 'denied', b: 'unknown', c: 'allowed' });
  expect([...changed('t1', null)].sort()).toEqual(['a', 'c']);
  expect(read).toHaveBeenCalledTimes(2);
});

test('a changed consent that did not arrive is handed out again', () => {
  pending.addUnknown();
  now = indexOf({ a: 'denied', b: 'unknown' });
  handOut('t1', null);
  expect([...changed('t2', null)]).toEqual(['a']);
  expect([...changed('t3', 't2')]).toEqual([]);
});

test('an imported conversation is handed out when its welcome comes, with nothing else about it changed', () => {
  now = indexOf({ a: 'allowed', b: 'allowed' }, {}, ['a', 'b']);
  pending.addUnknown();
  now = indexOf({ a: 'allowed', b: 'allowed' }, {}, ['b']);
  expect(handOut('t1', null)).toMatchObject({ changed: new Set(['a']), fresh: new Set() });
  expect([...changed('t2', 't1')]).toEqual([]);
});

test('a conversation that takes another one in is new to the store, also when it is handed out again', () => {
  pending.addUnknown();
  pending.addConversation('a');
  now = indexOf({ a3: 'allowed', b: 'unknown' }, { a: 'a3', a2: 'a3' });
  const handed = { changed: new Set(['a3']), fresh: new Set(['a3']) };
  expect(handOut('t1', null)).toMatchObject(handed);
  expect(handOut('t2', null)).toMatchObject(handed);
});

describe('the list of conversations is read late', () => {
  const nothing = { changed: new Set(), fresh: new Set(), first: new Set() };

  test('not at all while calls bring nothing, and nothing is pending then', () => {
    pending.addCall({ ...call, method: 'GetNewestGroupMessage' });
    pending.addCall({ ...call, method: 'QueryWelcomeMessages', found: false });
    pending.addCall({ ...call, groupId: 'a', outcome: failure });
    const consents = pending.watchConsents();
    expect(consents()).toBeNull();
    expect(pending.handOut('t1', { done: 't0', reported: 'r0' })).toEqual({
      ...nothing,
      reported: 'r0',
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
    expect(handOut('t1', null)).toMatchObject({
      changed: new Set(['a', 'b', 'c']),
      fresh: new Set(['c']),
    });
  });

  test('an answer that cannot be taken note of is refused, and is as pending when it comes again', () => {
    read.mockImplementationOnce(() => {
      throw new Error('the database is busy');
    });
    expect(() => fetched('device-sync')).toThrow('busy');
    fetched('device-sync');
    now = indexOf({ a: 'denied', b: 'unknown' });
    expect([...changed('t1', null)]).toEqual(['a']);
  });

  test('after readings of nothing the first finding is compared with what was before it', () => {
    expect(handOut('t1', 't0')).toMatchObject(nothing);
    expect(handOut('t2', 't0')).toMatchObject(nothing);
    fetched('device-sync');
    now = indexOf({ a: 'denied', b: 'unknown' });
    expect([...changed('t3', 't0')]).toEqual(['a']);
    expect([...changed('t4', 't0')]).toEqual(['a']);
    expect([...changed('t5', 't4')]).toEqual([]);
  });
});

describe('what changed without a word, by libxmtp itself, between two sessions or in one', () => {
  const told = { done: 't0', reported: fingerprintOf(before) };
  const silently = indexOf({ a: 'denied', b: 'unknown', c: 'allowed' });

  test('is handed out with the first finding, because the store was told of another list', () => {
    now = silently;
    fetched('a');
    expect([...pending.handOut('t1', told).changed].sort()).toEqual(['a', 'b', 'c']);
  });

  test('is handed out again if it did not arrive, and once if it did', () => {
    now = silently;
    fetched('a');
    pending.handOut('t1', told);
    const { changed: again, reported } = pending.handOut('t2', told);
    expect([...again].sort()).toEqual(['a', 'b', 'c']);
    expect(reported).toBe(fingerprintOf(silently));
    expect(pending.handOut('t3', { done: 't2', reported })).toMatchObject({ changed: new Set() });
  });

  test('is handed out by the session after one that ended before its reading arrived', () => {
    fetched('device-sync');
    now = silently;
    expect([...pending.handOut('t1', told).changed].sort()).toEqual(['a', 'c']);
    pending = new PendingChanges(read);
    fetched('b');
    expect([...pending.handOut('t2', told).changed].sort()).toEqual(['a', 'b', 'c']);
  });

  test('is nothing where the store was told of this list, in whatever order it stands', () => {
    now = indexOf({ b: 'unknown', a: 'allowed' });
    fetched('a');
    expect([...pending.handOut('t1', told).changed]).toEqual(['a']);
  });

  test('is not looked for by a cursor that does not know what was told', () => {
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
