import { beforeEach, expect, test, vi } from 'vitest';
import type { Conversation } from '../../../src/shared/conversation.ts';
import type { ConversationId } from '../../../src/shared/ids.ts';
import type { StoreChange, StoreReader, StoreTopic } from '../../../src/store/reader.ts';
import { conversationList } from '../../../src/ui/state/conversation-list.ts';
import type { Feed } from '../../../src/ui/state/feed.ts';

const many = 60;
const id = (index: number) => index.toString(16).padStart(4, '0') as ConversationId;
let stored: Map<ConversationId, Conversation>;
let pins: Set<ConversationId>;
let listeners: { topics: readonly StoreTopic[]; hear: (change: StoreChange) => void }[];

/** The higher the number, the later it was active. */
const conversation = (index: number, change: Partial<Conversation> = {}) =>
  ({ id: id(index), consent: 'allowed', lastActivityAt: index, ...change }) as Conversation;

const byActivity = () =>
  [...stored.values()]
    .filter(({ consent }) => consent === 'allowed')
    .sort((a, b) => b.lastActivityAt - a.lastActivityAt);
const reader = {
  conversations: async ({ limit, after }: Parameters<StoreReader['conversations']>[0]) =>
    byActivity()
      .filter((one) => after === null || one.lastActivityAt < after.lastActivityAt)
      .slice(0, limit),
  conversation: async (wanted: ConversationId) => stored.get(wanted) ?? null,
  pinned: vi.fn(async () => byActivity().filter((one) => pins.has(one.id))),
  countConversations: async () => byActivity().length,
} as unknown as StoreReader;
const feed: Feed = {
  listen(topics, hear) {
    listeners.push({ topics, hear });
    return () => undefined;
  },
};
const announce = (topic: StoreTopic, ids: readonly ConversationId[] | null) => {
  for (const { topics, hear } of listeners) {
    if (topics.includes(topic)) hear({ topics: [topic], conversationIds: ids });
  }
};
const rowsOf = (list: ReturnType<typeof conversationList>) =>
  list.rows.value?.map((row) => Number.parseInt(row.id, 16)) ?? [];
const descending = (without: readonly number[]) =>
  Array.from({ length: many }, (_, index) => many - 1 - index).filter((n) => !without.includes(n));

beforeEach(() => {
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => setTimeout(run, 0));
  stored = new Map(
    Array.from({ length: many }, (_, index) => [id(index), conversation(index)] as const),
  );
  pins = new Set([id(3), id(7)]);
  listeners = [];
});

test('pinned ones come first by activity, though they are far from the first page, and each once', async () => {
  const list = conversationList(reader, feed, 'allowed');
  await list.first;
  expect(rowsOf(list)).toEqual([7, 3, ...descending([]).slice(0, 50)]);
  list.ensure(many - 1);
  await vi.waitFor(() => expect(rowsOf(list)).toEqual([7, 3, ...descending([3, 7])]));
  await vi.waitFor(() => expect(list.total.value).toBe(many));
});

test('pinning, unpinning and activity move rows without a reading of everything', async () => {
  const list = conversationList(reader, feed, 'allowed');
  await list.first;
  pins = new Set([id(3), id(55)]);
  announce('pins', [id(55)]);
  await vi.waitFor(() => expect(rowsOf(list).slice(0, 3)).toEqual([55, 3, 59]));
  expect(list.pinned.value).toEqual(pins);
  stored.set(id(3), conversation(3, { lastActivityAt: 100 }));
  announce('conversations', [id(3)]);
  await vi.waitFor(() => expect(rowsOf(list).slice(0, 3)).toEqual([3, 55, 59]));
  pins = new Set();
  announce('pins', [id(3)]);
  // Where its activity puts it, which is the top by now; the other one is among the rest again.
  await vi.waitFor(() => expect(rowsOf(list).slice(0, 3)).toEqual([3, 59, 58]));
});

test('one that was denied leaves the top, and has its place again when it is allowed', async () => {
  const list = conversationList(reader, feed, 'allowed');
  await list.first;
  stored.set(id(7), conversation(7, { consent: 'denied' }));
  announce('conversations', [id(7)]);
  await vi.waitFor(() => expect(rowsOf(list).slice(0, 2)).toEqual([3, 59]));
  stored.set(id(7), conversation(7, { lastActivityAt: 200 }));
  announce('conversations', [id(7)]);
  await vi.waitFor(() => expect(rowsOf(list).slice(0, 3)).toEqual([7, 3, 59]));
});

test('lists of other consent states have no pins, and do not ask for them', async () => {
  vi.mocked(reader.pinned).mockClear();
  const list = conversationList(reader, feed, 'denied');
  await list.first;
  expect(reader.pinned).not.toHaveBeenCalled();
  expect(list.pinned.value.size).toBe(0);
});
