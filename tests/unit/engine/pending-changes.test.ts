import { beforeEach, expect, test, vi } from 'vitest';
import type { ConsentState } from '../../../src/shared/consent.ts';
import type { ConversationId } from '../../../src/shared/ids.ts';
import type { ConversationIndex } from '../../../src/engine/conversation-index.ts';
import { PendingChanges } from '../../../src/engine/pending-changes.ts';

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
  pending = new PendingChanges(before);
});

const changed = (token: string, acknowledged: string | null) =>
  pending.handOut(token, acknowledged, read).changed;

const fetched = (groupId: string) =>
  pending.addCall({
    method: 'QueryGroupMessages',
    groupId,
    bytesSent: 1,
    bytesReceived: 1,
    found: true,
    outcome: { ok: true },
  });

test('fetched conversations are handed out once, without listing the others', () => {
  fetched('a');
  expect([...changed('t1', null)]).toEqual(['a']);
  expect([...changed('t2', 't1')]).toEqual([]);
  expect(read).not.toHaveBeenCalled();
});

test('a reading that did not arrive is handed out again, with what came since', () => {
  fetched('a');
  pending.handOut('t1', null, read);
  fetched('b');
  expect([...changed('t2', null)].sort()).toEqual(['a', 'b']);
});

test('a duplicate stands for the conversation that lists show', () => {
  fetched('a2');
  expect([...changed('t1', null)]).toEqual(['a']);
  expect(read).not.toHaveBeenCalled();
});

test('a group that is not listed makes consents be compared: it may carry preferences', () => {
  now = indexOf({ a: 'denied', b: 'unknown', c: 'allowed' });
  fetched('device-sync');
  expect([...changed('t1', null)].sort()).toEqual(['a', 'c']);
  expect(read).toHaveBeenCalledTimes(1);
});

test('a changed consent that did not arrive is handed out again', () => {
  now = indexOf({ a: 'denied', b: 'unknown' });
  pending.addUnknown();
  pending.handOut('t1', null, read);
  expect([...changed('t2', null)]).toEqual(['a']);
  expect([...changed('t3', 't2')]).toEqual([]);
});

test('an imported conversation is handed out when its welcome comes, with nothing else about it changed', () => {
  const imported = indexOf({ a: 'allowed', b: 'allowed' }, {}, ['a', 'b']);
  pending = new PendingChanges(imported);
  now = indexOf({ a: 'allowed', b: 'allowed' }, {}, ['b']);
  pending.addUnknown();
  expect(pending.handOut('t1', null, read)).toEqual({ changed: new Set(['a']), fresh: new Set() });
  expect([...changed('t2', 't1')]).toEqual([]);
});

test('a conversation that takes another one in is new to the store, also when it is handed out again', () => {
  now = indexOf({ a3: 'allowed', b: 'unknown' }, { a: 'a3', a2: 'a3' });
  pending.addUnknown();
  pending.addConversation('a');
  const handed = { changed: new Set(['a3']), fresh: new Set(['a3']) };
  expect(pending.handOut('t1', null, read)).toEqual(handed);
  expect(pending.handOut('t2', null, read)).toEqual(handed);
});
