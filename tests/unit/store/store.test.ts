import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ConversationSnapshot, Message } from '../../../src/shared/conversation.ts';
import {
  newId,
  type AccountId,
  type ConversationId,
  type InboxId,
  type MessageId,
  type RunId,
} from '../../../src/shared/ids.ts';
import type { Run } from '../../../src/shared/run.ts';
import { openStoreReader } from '../../../src/store/read.ts';
import { openStore, type Store } from '../../../src/store/write.ts';

const me = 'aa' as InboxId;
const other = 'bb' as InboxId;
const chat = '01' as ConversationId;
const read = { self: me, floor: 0, positions: new Map() };
let store: Store;
let account: AccountId;
let reader: ReturnType<typeof openStoreReader>;

beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  store = openStore();
  account = newId<AccountId>();
  await store.owned.account.put({
    id: account,
    network: { kind: 'local' },
    signer: {
      kind: 'local',
      address: '0x00' as never,
      key: { kind: 'unprotected', privateKey: new Uint8Array(32) },
    },
    databaseName: 'x',
    createdAt: 0,
    phase: 'registering',
    step: 'preparing',
    error: null,
  });
  reader = openStoreReader();
});
afterEach(() => {
  reader.close();
  store.close();
});

function snapshot(change: Partial<ConversationSnapshot> = {}): ConversationSnapshot {
  return {
    id: chat,
    kind: 'group',
    name: 'Chat',
    description: null,
    imageUrl: null,
    peer: null,
    consent: 'allowed',
    addedBy: other,
    createdAt: 1,
    active: true,
    members: [{ inboxId: me, addresses: [], role: 'member' }],
    ...change,
  };
}

function message(id: string, sentAt: number, sender = other): Message {
  return {
    id: id as MessageId,
    conversationId: chat,
    sender,
    sentAt,
    delivery: 'published',
    content: { type: 'text', text: id },
  };
}

const changes = (conversations: ConversationSnapshot[], messages: Message[], cursor = 'c1') => ({
  conversations,
  messages,
  removed: [],
  cursor,
  remaining: 0,
  done: true,
});

test('a delta and its cursor are stored together, and twice is as once', async () => {
  const derived = store.derived(account);
  const delta = changes([snapshot()], [message('m1', 5), message('m2', 6)]);
  expect(await derived.apply(delta, read)).toMatchObject({
    newConversations: [chat],
    newMessages: 2,
  });
  expect(await derived.cursor()).toBe('c1');
  expect(await derived.apply(delta, read)).toEqual({
    newConversations: [],
    updatedConversations: [],
    consentChanges: [],
    newMessages: 0,
  });
  expect(await reader.conversation(chat)).toMatchObject({
    lastActivityAt: 6,
    unread: 2,
    lastMessage: { id: 'm2' },
  });
});

test('own and read messages are not unread, and imported old ones keep the last message', async () => {
  const derived = store.derived(account);
  const positions = new Map([[chat, 5]]);
  await derived.apply(
    changes([snapshot()], [message('m1', 5), message('m2', 6), message('m3', 7, me)]),
    { ...read, positions },
  );
  await derived.apply(changes([], [message('m0', 1)], 'c2'), { ...read, positions });
  expect(await reader.conversation(chat)).toMatchObject({ unread: 1, lastMessage: { id: 'm3' } });
});

test('a conversation that is denied loses its messages, whoever denied it', async () => {
  const derived = store.derived(account);
  await derived.apply(changes([snapshot()], [message('m1', 5)]), read);
  await derived.setConsent(chat, 'denied');
  expect(await reader.messages({ conversationId: chat, limit: 9, before: null })).toEqual([]);
  await derived.apply(changes([snapshot()], [message('m1', 5)], 'c2'), read);
  const applied = await derived.apply(changes([snapshot({ consent: 'denied' })], [], 'c3'), read);
  expect(applied.consentChanges).toEqual([chat]);
  expect(await reader.messages({ conversationId: chat, limit: 9, before: null })).toEqual([]);
});

test('requests never show what was written', async () => {
  await store
    .derived(account)
    .apply(changes([snapshot({ consent: 'unknown' })], [message('m1', 5)]), read);
  expect(await reader.conversation(chat)).toMatchObject({ lastMessage: null, unread: 0 });
});

test('conversations are listed by activity, page by page', async () => {
  const ids = ['01', '02', '03', '04', '05'] as ConversationId[];
  await store.derived(account).apply(
    changes(
      ids.map((id, index) => snapshot({ id, createdAt: index })),
      [],
    ),
    read,
  );
  const first = await reader.conversations({ consent: 'allowed', limit: 2, after: null });
  expect(first.map(({ id }) => id)).toEqual(['05', '04']);
  const rest = await reader.conversations({ consent: 'allowed', limit: 9, after: first[1]! });
  expect(rest.map(({ id }) => id)).toEqual(['03', '02', '01']);
  expect(await reader.countConversations('allowed')).toBe(5);
  expect(await reader.countConversations('unknown')).toBe(0);
});

test('old runs are forgotten, newest are listed first', async () => {
  const run = (requestedAt: number): Run => ({
    id: newId<RunId>(),
    accountId: account,
    scope: { kind: 'preferences' },
    trigger: 'user',
    requestedAt,
    joined: 0,
    completes: null,
    state: 'queued',
  });
  for (let i = 0; i < 205; i++) await store.owned.runs.add(run(i));
  const runs = await reader.runs({ limit: 300, before: null });
  expect(runs).toHaveLength(200);
  expect(runs[0]?.requestedAt).toBe(204);
  expect(runs.at(-1)?.requestedAt).toBe(5);
});

test('a run ends with its proof and with what follows for the schedule, in one announcement', async () => {
  const announced: string[][] = [];
  const stop = reader.subscribe(({ topics }) => announced.push([...topics]));
  const ended: Run = {
    id: newId<RunId>(),
    accountId: account,
    scope: { kind: 'preferences' },
    trigger: 'user',
    requestedAt: 1,
    joined: 0,
    completes: null,
    state: 'interrupted',
    startedAt: 1,
    endedAt: 2,
  };
  const proof = { at: 2, runId: ended.id, consent: ['allowed'] } as const;
  await store.owned.runs.end(ended, (schedule) => ({ ...schedule, quietRuns: 3 }), proof);
  expect(await reader.run(ended.id)).toEqual(ended);
  expect(await store.owned.schedule.read()).toMatchObject({ quietRuns: 3, activeAt: 0 });
  expect(await reader.completeness()).toEqual(proof);
  await store.owned.runs.end(ended, (schedule) => ({ ...schedule, activeAt: 7 }), null);
  expect(await store.owned.schedule.read()).toMatchObject({ quietRuns: 3, activeAt: 7 });
  expect(await reader.completeness()).toEqual(proof);
  await vi.waitFor(() => {
    expect(announced).toEqual([
      ['runs', 'schedule'],
      ['runs', 'schedule'],
    ]);
  });
  stop();
});

test('pages never see the private key', async () => {
  expect(JSON.stringify(await reader.account())).not.toContain('privateKey');
  expect(await reader.account()).toMatchObject({ address: '0x00' });
});

test('an intent is kept when the person changed their mind meanwhile', async () => {
  const intent = { accountId: account, conversationId: chat, consent: 'allowed' } as const;
  await store.owned.consentIntents.put(intent);
  await store.owned.consentIntents.put({ ...intent, consent: 'denied' });
  await store.owned.consentIntents.settle(intent);
  expect(await store.owned.consentIntents.all()).toEqual([{ ...intent, consent: 'denied' }]);
});

test('requests for history of version 1 are kept, and not asked again by themselves', async () => {
  globalThis.indexedDB = new IDBFactory();
  await new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open('lockstep', 1);
    opening.onupgradeneeded = () => {
      const { result } = opening;
      result.createObjectStore('values');
      const runs = result.createObjectStore('runs', { keyPath: 'id' });
      runs.createIndex('byRequest', ['requestedAt', 'id']);
      runs.createIndex('byState', 'state');
      const history = result.createObjectStore('history', { keyPath: 'id' });
      history.createIndex('byRequest', 'requestedAt');
      const outbox = result.createObjectStore('outbox', { keyPath: 'id' });
      outbox.createIndex('byConversation', ['conversationId', 'createdAt']);
      result.createObjectStore('consentIntents', { keyPath: 'conversationId' });
      result.createObjectStore('readPositions', { keyPath: ['accountId', 'conversationId'] });
      history.put({
        id: 'r1',
        accountId: 'a1',
        options: { elements: ['messages'], from: null, until: null, excludeDisappearing: false },
        requestedAt: 5,
        others: [{ id: 'i1', createdAt: 1 }],
        state: { kind: 'sent', since: 6, times: 1 },
      });
    };
    opening.onsuccess = () => {
      opening.result.close();
      resolve();
    };
    opening.onerror = () => reject(new Error(String(opening.error)));
  });
  const [request] = await openStore().owned.history.all();
  expect(request).toMatchObject({
    id: 'r1',
    attempts: 1,
    pins: [],
    others: [{ id: 'i1', createdAt: 1, seenAt: null }],
    state: { kind: 'unanswered', since: 6 },
  });
});

const pin = (conversationId: string, pinnedAt = 1) => ({
  accountId: account,
  conversationId: conversationId as ConversationId,
  pinnedAt,
});
const noPinMayGo = () => false;
const pinnedIds = async () => (await reader.pinned()).map(({ id }) => id);

test('pinned conversations are read by activity, as long as they are allowed', async () => {
  const ids = ['01', '02', '03'] as ConversationId[];
  const snapshots = ids.map((id, index) => snapshot({ id, createdAt: index }));
  const derived = store.derived(account);
  await derived.apply(changes(snapshots, []), read);
  for (const id of ['01', '02', '99']) await store.owned.pins.put(pin(id), 9, noPinMayGo);
  expect(await pinnedIds()).toEqual(['02', '01']);
  await derived.setConsent(ids[1]!, 'denied');
  expect(await pinnedIds()).toEqual(['01']);
  // Filled again, as after a rebuild.
  await derived.clear();
  expect(await pinnedIds()).toEqual([]);
  await derived.apply(changes(snapshots, []), read);
  expect(await pinnedIds()).toEqual(['02', '01']);
  await store.owned.pins.delete(account, ids[1]!);
  expect(await pinnedIds()).toEqual(['01']);
});

test('there are so many places for pins, and only one that may go makes room', async () => {
  const { owned } = store;
  expect(await owned.pins.put(pin('01', 1), 2, noPinMayGo)).toBe(true);
  expect(await owned.pins.put(pin('02', 2), 2, noPinMayGo)).toBe(true);
  expect(await owned.pins.put(pin('03', 3), 2, noPinMayGo)).toBe(false);
  expect(await owned.pins.put(pin('02', 4), 2, noPinMayGo)).toBe(true);
  expect(await owned.pins.put(pin('03', 5), 2, () => true)).toBe(true);
  const left = (await owned.pins.of(account)).map(({ conversationId }) => conversationId);
  expect([...left].sort()).toEqual(['02', '03']);
});

test('pins go with their account', async () => {
  await store.owned.pins.put(pin('01'), 9, noPinMayGo);
  await store.owned.account.forget();
  expect(await store.owned.pins.of(account)).toEqual([]);
});

test('a database of version 2 gets a place for pins, names its unprotected key, keeps what it has, and pages can read it before', async () => {
  globalThis.indexedDB = new IDBFactory();
  await new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open('lockstep', 2);
    opening.onupgradeneeded = () => {
      const { result } = opening;
      const values = result.createObjectStore('values');
      const runs = result.createObjectStore('runs', { keyPath: 'id' });
      runs.createIndex('byRequest', ['requestedAt', 'id']);
      runs.createIndex('byState', 'state');
      const history = result.createObjectStore('history', { keyPath: 'id' });
      history.createIndex('byRequest', 'requestedAt');
      const transfers = result.createObjectStore('transfers', { keyPath: 'id' });
      transfers.createIndex('byTime', 'at');
      const outbox = result.createObjectStore('outbox', { keyPath: 'id' });
      outbox.createIndex('byConversation', ['conversationId', 'createdAt']);
      result.createObjectStore('consentIntents', { keyPath: 'conversationId' });
      const positions = result.createObjectStore('readPositions', {
        keyPath: ['accountId', 'conversationId'],
      });
      positions.put({ accountId: account, conversationId: chat, until: 5 });
      const signer = { kind: 'local', address: '0x12', privateKey: Uint8Array.of(7) };
      values.put({ id: account, phase: 'ready', signer }, 'account');
    };
    opening.onsuccess = () => {
      opening.result.close();
      resolve();
    };
    opening.onerror = () => reject(new Error(String(opening.error)));
  });
  const early = openStoreReader();
  expect(await early.pinned()).toEqual([]);
  early.close();
  const { owned } = openStore();
  expect((await owned.account.read())?.signer).toEqual({
    kind: 'local',
    address: '0x12',
    key: { kind: 'unprotected', privateKey: Uint8Array.of(7) },
  });
  expect(await owned.readPositions.of(account)).toEqual(new Map([[chat, 5]]));
  expect(await owned.pins.of(account)).toEqual([]);
  expect(await owned.pins.put(pin(chat), 9, noPinMayGo)).toBe(true);
  expect(await owned.pins.of(account)).toHaveLength(1);
});
