import { expect, test, vi } from 'vitest';
import type { Changes } from '../../../../src/shared/engine-protocol.ts';
import type { ConversationId } from '../../../../src/shared/ids.ts';
import type { ListedConversation } from '../../../../src/engine/conversations/find-conversations.ts';
import { formatCursor, parseCursor } from '../../../../src/engine/changes/cursor.ts';
import type { ConversationIndex } from '../../../../src/engine/conversations/conversation-index.ts';
import { ChangeReader } from '../../../../src/engine/changes/change-reader.ts';
import { PendingChanges } from '../../../../src/engine/changes/pending-changes.ts';
import { fingerprintOf } from '../../../../src/engine/changes/reported.ts';
import type { Session } from '../../../../src/engine/session/session.ts';

// Nobody's messages are read of an unknown conversation.
vi.mock('../../../../src/engine/records/conversation.ts', () => ({
  snapshotOf: (_client: unknown, { id }: { id: string }) =>
    Promise.resolve({ id, consent: 'unknown' }),
}));

const empty = {
  listed: [],
  byId: new Map(),
  consents: new Map(),
  imported: new Set(),
  duplicates: new Map(),
} as ConversationIndex;

function setUp(index = empty) {
  const read = vi.fn(() => index);
  const pending = new PendingChanges(read);
  const reader = new ChangeReader();
  const changes = (cursor: string | null, scan: 'touched' | 'all' = 'touched') =>
    reader.read({ pending } as unknown as Session, {
      cursor,
      scan,
      messagesOf: ['allowed'],
      limit: 10,
    });
  return { read, pending, changes };
}

const told = { from: 10n, plan: null, done: 't0', reported: 'another list' };

test('a reading with nothing new reads nothing, and leaves standing what the store was told', async () => {
  const { read, changes } = setUp();
  const found = await changes(formatCursor(told));
  expect(found).toMatchObject({ conversations: [], messages: [], removed: [], done: true });
  expect(parseCursor(found.cursor).reported).toBe('another list');
  expect(read).not.toHaveBeenCalled();
});

test.each(['touched', 'all'] as const)(
  'a reading that looked (%s) says which list the store was told of',
  async (scan) => {
    const { pending, changes } = setUp();
    pending.addConversation('a');
    const found = await changes(formatCursor(told), scan);
    expect(parseCursor(found.cursor).reported).toBe(fingerprintOf(empty));
  },
);

test('a store that has nothing is told everything', async () => {
  const { read, changes } = setUp();
  expect(parseCursor((await changes(null)).cursor).reported).toBe(fingerprintOf(empty));
  expect(read).toHaveBeenCalled();
});

test('conversations that somebody waits for come first, in a piece of their own', async () => {
  const ids = ['a', 'b', 'c', 'd'] as ConversationId[];
  const listed = ids.map((id) => ({ id }) as ListedConversation);
  const { pending, changes } = setUp({
    ...empty,
    listed,
    byId: new Map(listed.map((one) => [one.id, one])),
  });
  for (const id of ids) pending.addConversation(id);
  pending.waitFor(['d', 'b', 'gone'] as ConversationId[]);
  const namesOf = ({ conversations }: Changes) => conversations.map(({ id }) => id);
  const first = await changes(formatCursor(told));
  expect(namesOf(first)).toEqual(['b', 'd']);
  expect(first).toMatchObject({ done: false, remaining: 2 });
  const second = await changes(first.cursor);
  expect(namesOf(second)).toEqual(['a', 'c']);
  expect(second.done).toBe(true);
  // Once: what changes next is in no hurry.
  pending.addConversation('d');
  pending.addConversation('a');
  expect(await changes(second.cursor)).toMatchObject({ done: true, remaining: 0 });
});
