import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mostPins, Pins } from '../../../../src/background/pins/pins.ts';
import type { ReadyAccount } from '../../../../src/shared/account.ts';
import type { ConversationSnapshot } from '../../../../src/shared/conversation.ts';
import {
  newId,
  type AccountId,
  type ConversationId,
  type InboxId,
} from '../../../../src/shared/ids.ts';
import { openStore, type Store } from '../../../../src/store/write.ts';

const accountId = newId<AccountId>();
const ids = Array.from(
  { length: mostPins + 1 },
  (_, index) => index.toString(16).padStart(2, '0') as ConversationId,
);
const snapshotOf = (id: ConversationId) =>
  ({ id, consent: 'allowed', members: null, createdAt: 1 }) as ConversationSnapshot;
let store: Store;
let pins: Pins;
let now = 0;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = openStore();
  const account = { id: accountId, phase: 'ready' } as ReadyAccount;
  pins = new Pins({ store, account: async () => account, now: () => ++now });
  await store.derived(accountId).apply(
    {
      conversations: ids.map(snapshotOf),
      messages: [],
      removed: [],
      cursor: 'c',
      remaining: 0,
      done: true,
    },
    { self: 'aa' as InboxId, floor: 0, positions: new Map() },
  );
});
afterEach(() => store.close());

const pinned = async () =>
  (await store.owned.pins.of(accountId)).map(({ conversationId }) => conversationId).sort();
const [last, ...others] = [...ids].reverse() as [ConversationId, ...ConversationId[]];

test('only what is allowed can be pinned, and pinning twice is as once', async () => {
  await store.derived(accountId).setConsent(others[0]!, 'denied');
  for (const id of [others[0]!, 'ff' as ConversationId]) {
    await expect(pins.pin(id)).rejects.toMatchObject({ code: 'conversation_unknown' });
  }
  await pins.pin(last);
  await pins.pin(last);
  expect(await pinned()).toEqual([last]);
  await pins.unpin(last);
  await pins.unpin(last);
  expect(await pinned()).toEqual([]);
});

test('with all places taken nothing more is pinned, until one cannot be seen any more', async () => {
  for (const id of others) await pins.pin(id);
  await expect(pins.pin(last)).rejects.toMatchObject({ code: 'too_many_pins' });
  expect(await pinned()).toEqual([...others].sort());
  await pins.pin(others[0]!); // already there
  await store.derived(accountId).setConsent(others[3]!, 'denied');
  await pins.pin(last);
  expect(await pinned()).toEqual(ids.filter((id) => id !== others[3]));
});
