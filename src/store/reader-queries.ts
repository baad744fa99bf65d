/** The queries that readers and the background share, over open databases. */
import type { ConversationId, Milliseconds } from '../shared/ids.ts';
import type { Account, PublicAccount, PublicSigner, Signer } from '../shared/account.ts';
import type { ConsentState } from '../shared/consent.ts';
import type { Conversation, Message } from '../shared/conversation.ts';
import type { Run, RunState } from '../shared/run.ts';
import type { DerivedDatabase, OwnedDatabase } from './database.ts';
import { newestFirst } from './newest-first.ts';
import type { Pin } from './owned/pins.ts';
import type { OwnedValues } from './owned/schema.ts';
import type { ConversationPosition } from './reader.ts';

/** Sorts after every string that we use as an id (hex digits and UUIDs). */
const afterEveryId = '\uffff';

/** One of the single records, or undefined while it was never written. */
export async function ownedValue<Key extends keyof OwnedValues>(
  database: Pick<OwnedDatabase, 'get'>,
  key: Key,
): Promise<OwnedValues[Key] | undefined> {
  return (await database.get('values', key)) as OwnedValues[Key] | undefined;
}

/** An account without a key that lies open: pages never need it. */
export function withoutUnprotectedKey({ signer, ...rest }: Account): PublicAccount {
  return { ...rest, address: signer.address, signer: publicSigner(signer) };
}

function publicSigner(signer: Signer): PublicSigner {
  if (signer.kind === 'wallet') return signer;
  const { key } = signer;
  return { ...signer, key: key.kind === 'unprotected' ? { kind: 'unprotected' } : key };
}

/** A job or a schedule without what opens its files. */
export function withoutBackupKey<Record extends { readonly key: unknown }>(
  record: Record,
): Omit<Record, 'key'> {
  const { key: _key, ...rest } = record;
  return rest;
}

/** Runs, newest request first, older than `before` where given. */
export function runsNewestFirst(
  database: OwnedDatabase,
  before: Run | null,
  limit: number,
): Promise<Run[]> {
  const end = before === null ? [Infinity, afterEveryId] : [before.requestedAt, before.id];
  const index = database.transaction('runs').store.index('byRequest');
  return newestFirst(index, IDBKeyRange.upperBound(end, before !== null), limit);
}

/** Runs in a state, oldest request first. */
export async function runsInState(database: OwnedDatabase, state: RunState): Promise<Run[]> {
  const runs = await database.getAllFromIndex('runs', 'byState', state);
  return runs.sort((a, b) => a.requestedAt - b.requestedAt);
}

/** Conversations in a consent state, last activity first. */
export function conversationsByActivity(
  database: DerivedDatabase,
  consent: ConsentState,
  after: ConversationPosition | null,
  limit: number,
): Promise<Conversation[]> {
  const end =
    after === null ? [consent, Infinity, afterEveryId] : [consent, after.lastActivityAt, after.id];
  const range = IDBKeyRange.bound([consent], end, false, after !== null);
  const index = database.transaction('conversations').store.index('byActivity');
  return newestFirst(index, range, limit);
}

/** Pins of every account; none where the background has not migrated the database yet. */
export async function allPins(database: OwnedDatabase | null): Promise<readonly Pin[]> {
  return database?.objectStoreNames.contains('pins') === true ? database.getAll('pins') : [];
}

/** What is pinned, last activity first. Only what is allowed: the rest is in no list of chats. */
export async function pinnedConversations(
  database: DerivedDatabase,
  pins: readonly Pin[],
): Promise<Conversation[]> {
  if (pins.length === 0) return [];
  const { store } = database.transaction('conversations');
  const found = await Promise.all(pins.map(({ conversationId }) => store.get(conversationId)));
  return found
    .filter((one): one is Conversation => one?.consent === 'allowed')
    .sort((a, b) => b.lastActivityAt - a.lastActivityAt);
}

export function countByConsent(database: DerivedDatabase, consent: ConsentState): Promise<number> {
  const range = IDBKeyRange.bound([consent], [consent, Infinity, afterEveryId]);
  return database.countFromIndex('conversations', 'byActivity', range);
}

/** Key range of a conversation's messages sent after a time (exclusive), or of all of them. */
export function messagesOf(
  conversationId: ConversationId,
  after: Milliseconds | null,
): IDBKeyRange {
  const start = after === null ? [conversationId] : [conversationId, after, afterEveryId];
  return IDBKeyRange.bound(start, [conversationId, Infinity, afterEveryId]);
}

/** Messages of a conversation, newest first, older than `before` where given. */
export function messagesNewestFirst(
  database: DerivedDatabase,
  conversationId: ConversationId,
  before: Pick<Message, 'sentAt' | 'id'> | null,
  limit: number,
): Promise<Message[]> {
  const end =
    before === null
      ? [conversationId, Infinity, afterEveryId]
      : [conversationId, before.sentAt, before.id];
  const range = IDBKeyRange.bound([conversationId], end, false, before !== null);
  const index = database.transaction('messages').store.index('byConversation');
  return newestFirst(index, range, limit);
}
