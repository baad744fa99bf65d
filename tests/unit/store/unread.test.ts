/** Unread counts stay what they were, whatever an import brings. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test } from 'vitest';
import { createUnreadKeeper } from '../../../src/background/read-state/unread.ts';
import type { ReadyAccount } from '../../../src/shared/account.ts';
import type { Message } from '../../../src/shared/conversation.ts';
import { newId, type AccountId, type ConversationId } from '../../../src/shared/ids.ts';
import { openStore } from '../../../src/store/write.ts';

const chat = '01' as ConversationId;
const account = {
  id: newId<AccountId>(),
  phase: 'ready',
  inboxId: 'aa',
  createdAt: 10,
} as unknown as ReadyAccount;
const read = { self: account.inboxId, floor: account.createdAt, positions: new Map() };

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

function sent(...times: readonly number[]): Message[] {
  return times.map(
    (sentAt) =>
      ({
        id: String(sentAt).padStart(64, '0'),
        conversationId: chat,
        sender: 'bb',
        sentAt,
        content: { type: 'text', text: String(sentAt) },
      }) as unknown as Message,
  );
}

test.each([
  { before: [], imported: [20, 30, 40], after: [], unread: 0 },
  { before: [30], imported: [20, 40, 50], after: [], unread: 1 },
  { before: [30, 60], imported: [5, 40], after: [], unread: 2 },
  { before: [30], imported: [20, 40], after: [120], unread: 2 },
])('$before unread, $imported imported, $after arrived meanwhile', async (one) => {
  const store = openStore();
  const derived = store.derived(account.id);
  const conversation = {
    id: chat,
    consent: 'allowed',
    createdAt: 1,
    members: null,
  };
  const changes = { removed: [], remaining: 0, done: true, cursor: '' };
  await derived.apply(
    { ...changes, conversations: [conversation as never], messages: sent(...one.before) },
    read,
  );
  const keeper = createUnreadKeeper(store, () => Promise.resolve(account));
  const before = await keeper.counts();
  await derived.putMessages(chat, sent(...one.imported, ...one.after), read);
  await keeper.keep(before, 100);
  expect((await derived.conversation(chat))?.unread).toBe(one.unread);
  store.close();
});
