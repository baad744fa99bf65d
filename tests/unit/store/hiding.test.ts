/** Each commit that takes something out of the chats runs inside the guard; what adds to them does not. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Account } from '../../../src/shared/account.ts';
import type { Changes } from '../../../src/shared/engine-protocol.ts';
import type { AccountId, ConversationId } from '../../../src/shared/ids.ts';
import type { ReadPositions } from '../../../src/store/derived/store.ts';
import { openStore, type Store } from '../../../src/store/write.ts';

const accountId = 'a1' as AccountId;
const [kept, other] = ['c1', 'c2'] as ConversationId[] as [ConversationId, ConversationId];
const read: ReadPositions = { self: 'i1' as never, floor: 0, positions: new Map() };

let store: Store;
/** Of the two conversations, those that the last guarded commit said that it hides; null for none. */
let hidden: readonly ConversationId[] | null;

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  hidden = null;
  store = openStore({
    hiding: (hides, commit) => {
      hidden = [kept, other].filter(hides);
      return commit();
    },
  });
});
afterEach(() => store.close());

const changes = (part: Partial<Changes>): Changes => ({
  cursor: 'cursor',
  conversations: [],
  messages: [],
  removed: [],
  remaining: 0,
  done: true,
  ...part,
});
const conversation = (id: ConversationId, consent: string) =>
  ({ id, consent, members: null, lastActivityAt: 1, createdAt: 1 }) as never;

test.each<[string, readonly ConversationId[], () => Promise<unknown>]>([
  ['a denial', [other], () => store.derived(accountId).setConsent(other, 'denied')],
  [
    'a return to the requests',
    [other],
    () => store.derived(accountId).setConsent(other, 'unknown'),
  ],
  [
    'a conversation that is no longer in libxmtp',
    [other],
    () => store.derived(accountId).keepOnlyConversations(new Set([kept])),
  ],
  [
    'a chunk with a removal and a denial',
    [kept, other],
    () =>
      store
        .derived(accountId)
        .apply(changes({ removed: [kept], conversations: [conversation(other, 'denied')] }), read),
  ],
  ['an emptied store', [kept, other], () => store.derived(accountId).clear()],
  ['a deleted store', [kept, other], () => store.deleteDerived(accountId)],
  ['an account that goes', [kept, other], () => store.owned.account.forget()],
  [
    'an account that is set up again',
    [kept, other],
    () => store.owned.account.put({ id: accountId, phase: 'registering' } as Account),
  ],
])('%s is guarded', async (_name, expected, commit) => {
  await commit();
  expect(hidden).toEqual(expected);
});

test('a denial is recorded and shown behind one guard', async () => {
  const inGuard: string[] = [];
  store.close();
  store = openStore({
    hiding: async (_hides, commit) => {
      inGuard.push('in');
      const output = await commit();
      const intents = await store.owned.consentIntents.all();
      inGuard.push(`out with ${intents.length}`);
      return output;
    },
  });
  await store.chooseConsent({ accountId, conversationId: other, consent: 'denied' });
  // The outer one holds the intent and, in a guard of its own, what is shown.
  expect(inGuard).toEqual(['in', 'in', 'out with 1', 'out with 1']);
});

test.each<[string, () => Promise<unknown>]>([
  ['an acceptance', () => store.derived(accountId).setConsent(other, 'allowed')],
  [
    'a chunk that adds',
    () =>
      store
        .derived(accountId)
        .apply(changes({ conversations: [conversation(other, 'allowed')] }), read),
  ],
  [
    'an account that is ready',
    () => store.owned.account.put({ id: accountId, phase: 'ready' } as Account),
  ],
])('%s is not', async (_name, commit) => {
  await commit();
  expect(hidden).toBeNull();
});

test('what is written is decided inside the guard, after it let the commit begin', async () => {
  const order: string[] = [];
  store.close();
  store = openStore({
    hiding: async (_hides, commit) => {
      await Promise.resolve();
      order.push('guard');
      return commit();
    },
  });
  await store
    .derived(accountId)
    .apply(
      changes({ conversations: [conversation(other, 'unknown')] }),
      read,
      async (delivered) => {
        order.push('choices');
        return delivered;
      },
    );
  expect(order).toEqual(['guard', 'choices']);
});
