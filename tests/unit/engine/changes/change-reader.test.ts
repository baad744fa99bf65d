import { expect, test, vi } from 'vitest';
import type { Changes } from '../../../../src/shared/engine-protocol.ts';
import type { ConversationId } from '../../../../src/shared/ids.ts';
import type { ListedConversation } from '../../../../src/engine/conversations/find-conversations.ts';
import { formatCursor, parseCursor } from '../../../../src/engine/changes/cursor.ts';
import type { ConversationIndex } from '../../../../src/engine/conversations/conversation-index.ts';
import { ChangeReader } from '../../../../src/engine/changes/change-reader.ts';
import { PendingChanges } from '../../../../src/engine/changes/pending-changes.ts';
import { fingerprintOf } from '../../../../src/engine/changes/index-state.ts';
import type { Session } from '../../../../src/engine/session/session.ts';

// Messages of unknown conversations are not read.
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

const cursor = { from: 10n, inProgress: null, acknowledged: 't0', fingerprint: 'another list' };

test('a delivery with nothing new reads nothing and keeps the acknowledged fingerprint', async () => {
  const { read, changes } = setUp();
  const found = await changes(formatCursor(cursor));
  expect(found).toMatchObject({ conversations: [], messages: [], removed: [], done: true });
  expect(parseCursor(found.cursor).fingerprint).toBe('another list');
  expect(read).not.toHaveBeenCalled();
});

test.each(['touched', 'all'] as const)(
  'a delivery that read the list (%s) carries its fingerprint',
  async (scan) => {
    const { pending, changes } = setUp();
    pending.addConversation('a');
    const found = await changes(formatCursor(cursor), scan);
    expect(parseCursor(found.cursor).fingerprint).toBe(fingerprintOf(empty));
  },
);

test('an empty store gets everything', async () => {
  const { read, changes } = setUp();
  expect(parseCursor((await changes(null)).cursor).fingerprint).toBe(fingerprintOf(empty));
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
  pending.deliverFirst(['d', 'b', 'gone'] as ConversationId[]);
  const namesOf = ({ conversations }: Changes) => conversations.map(({ id }) => id);
  const first = await changes(formatCursor(cursor));
  expect(namesOf(first)).toEqual(['b', 'd']);
  expect(first).toMatchObject({ done: false, remaining: 2 });
  const second = await changes(first.cursor);
  expect(namesOf(second)).toEqual(['a', 'c']);
  expect(second.done).toBe(true);
  // Only once.
  pending.addConversation('d');
  pending.addConversation('a');
  expect(await changes(second.cursor)).toMatchObject({ done: true, remaining: 0 });
});
