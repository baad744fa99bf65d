/** The write half of the derived database: what libxmtp reported, as lists and searches need it. */
import type { IDBPTransaction } from 'idb';
import type { ConsentState } from '../../shared/consent.ts';
import type { Conversation, ConversationSnapshot, Message } from '../../shared/conversation.ts';
import type { ChangeCursor, Changes } from '../../shared/engine-protocol.ts';
import type { ConversationId, InboxId, MessageId, Milliseconds } from '../../shared/ids.ts';
import type { DerivedDatabase } from '../database.ts';
import { everyConversation, type HidingGuard } from '../hiding.ts';
import { messagesOf } from '../reader-queries.ts';
import { newestFirst } from '../newest-first.ts';
import type { StoreChange } from '../reader.ts';
import {
  conversationFrom,
  isUnread,
  metadataChanged,
  newestPreview,
  withMessages,
  type ReadState,
} from './apply.ts';
import type { DerivedSchema } from './schema.ts';

/** What a person has read, by conversation. `floor` stands for conversations never opened. */
export interface ReadPositions {
  readonly self: InboxId;
  readonly floor: Milliseconds;
  readonly positions: ReadonlyMap<ConversationId, Milliseconds>;
}

/** What applying a chunk changed, in the words of a run's summary. */
export interface Applied {
  readonly newConversations: readonly ConversationId[];
  readonly updatedConversations: readonly ConversationId[];
  readonly consentChanges: readonly ConversationId[];
  readonly newMessages: number;
}

type Writing = IDBPTransaction<
  DerivedSchema,
  ('conversations' | 'members' | 'messages' | 'values')[],
  'readwrite'
>;

const everyStore: ('conversations' | 'members' | 'messages' | 'values')[] = [
  'conversations',
  'members',
  'messages',
  'values',
];

/** How far back to look for the newest readable message: reactions and group changes rarely pile up. */
const previewDepth = 50;

export interface DerivedContext {
  readonly open: () => Promise<DerivedDatabase>;
  readonly announce: (change: StoreChange) => void;
  readonly hiding: HidingGuard;
}

export class DerivedStore {
  readonly #open: () => Promise<DerivedDatabase>;
  readonly #announce: (change: StoreChange) => void;
  readonly #hiding: HidingGuard;

  constructor({ open, announce, hiding }: DerivedContext) {
    this.#open = open;
    this.#announce = announce;
    this.#hiding = hiding;
  }

  async cursor(): Promise<ChangeCursor | null> {
    return (await (await this.#open()).get('values', 'cursor')) ?? null;
  }

  async conversation(id: ConversationId): Promise<Conversation | null> {
    return (await (await this.#open()).get('conversations', id)) ?? null;
  }

  /**
   * Writes a chunk and its cursor in one transaction.
   * @param revise has the last word on what is written. It is asked right before the transaction begins, so a
   * choice that it does not know yet is written after this chunk.
   */
  apply(
    delivered: Changes,
    read: ReadPositions,
    revise: (delivered: Changes) => Promise<Changes> = (changes) => Promise.resolve(changes),
  ): Promise<Applied> {
    const hidden = hiddenBy(delivered);
    const commit = async () => this.#apply(await revise(delivered), read);
    return hidden.size === 0 ? commit() : this.#hiding((id) => hidden.has(id), commit);
  }

  async #apply(changes: Changes, read: ReadPositions): Promise<Applied> {
    const transaction = (await this.#open()).transaction(everyStore, 'readwrite');
    const newConversations: ConversationId[] = [];
    const updatedConversations: ConversationId[] = [];
    const consentChanges: ConversationId[] = [];
    let newMessages = 0;

    for (const id of changes.removed) await removeConversation(transaction, id);
    for (const snapshot of changes.conversations) {
      const { before, membersChanged, after } = await putSnapshot(transaction, snapshot);
      if (before === undefined) newConversations.push(snapshot.id);
      else {
        if (before.consent !== after.consent) consentChanges.push(snapshot.id);
        if (membersChanged || metadataChanged(before, after))
          updatedConversations.push(snapshot.id);
      }
    }
    for (const [conversationId, messages] of byConversation(changes.messages)) {
      const fresh = await putMessages(transaction, conversationId, messages, read);
      newMessages += fresh.length;
    }
    await transaction.objectStore('values').put(changes.cursor, 'cursor');
    await transaction.done;

    const touched = new Set([
      ...changes.removed,
      ...changes.conversations.map(({ id }) => id),
      ...changes.messages.map(({ conversationId }) => conversationId),
    ]);
    if (touched.size > 0) this.#tell([...touched]);
    return { newConversations, updatedConversations, consentChanges, newMessages };
  }

  /** Writes messages outside the cursor's order (a repair, a send). Answers how many were new. */
  async putMessages(
    conversationId: ConversationId,
    messages: readonly Message[],
    read: ReadPositions,
  ): Promise<number> {
    const transaction = (await this.#open()).transaction(everyStore, 'readwrite');
    const fresh = await putMessages(transaction, conversationId, messages, read);
    await transaction.done;
    this.#tell([conversationId]);
    return fresh.length;
  }

  /** Deletes a conversation's messages that are not among `kept`. Answers how many went. */
  async keepOnlyMessages(
    conversationId: ConversationId,
    kept: ReadonlySet<MessageId>,
    read: ReadPositions,
  ): Promise<number> {
    const transaction = (await this.#open()).transaction(everyStore, 'readwrite');
    const messages = transaction.objectStore('messages');
    const stored = await messages
      .index('byConversation')
      .getAllKeys(messagesOf(conversationId, null));
    const surplus = stored.filter((id) => !kept.has(id));
    await Promise.all(surplus.map((id) => messages.delete(id)));
    if (surplus.length > 0) await summarise(transaction, conversationId, read);
    await transaction.done;
    if (surplus.length > 0) this.#tell([conversationId]);
    return surplus.length;
  }

  /** Forgets conversations that are not among `kept`. */
  keepOnlyConversations(kept: ReadonlySet<ConversationId>): Promise<void> {
    return this.#hiding(
      (id) => !kept.has(id),
      () => this.#keepOnlyConversations(kept),
    );
  }

  async #keepOnlyConversations(kept: ReadonlySet<ConversationId>): Promise<void> {
    const transaction = (await this.#open()).transaction(everyStore, 'readwrite');
    const stored = await transaction.objectStore('conversations').getAllKeys();
    const surplus = stored.filter((id) => !kept.has(id));
    for (const id of surplus) await removeConversation(transaction, id);
    await transaction.done;
    if (surplus.length > 0) this.#tell(surplus);
  }

  /** Stored messages by conversation, for comparing with libxmtp's counts. */
  async countMessages(
    conversationIds: readonly ConversationId[],
  ): Promise<ReadonlyMap<ConversationId, number>> {
    const index = (await this.#open()).transaction('messages').store.index('byConversation');
    const counts = await Promise.all(
      conversationIds.map((id) => index.count(messagesOf(id, null))),
    );
    return new Map(conversationIds.map((id, position) => [id, counts[position] ?? 0]));
  }

  /** Follows a consent change at once: messages of what is no longer allowed go. */
  setConsent(id: ConversationId, consent: ConsentState): Promise<void> {
    const commit = () => this.#setConsent(id, consent);
    return consent === 'allowed' ? commit() : this.#hiding((other) => other === id, commit);
  }

  async #setConsent(id: ConversationId, consent: ConsentState): Promise<void> {
    const transaction = (await this.#open()).transaction(everyStore, 'readwrite');
    const stored = await transaction.objectStore('conversations').get(id);
    if (stored !== undefined && stored.consent !== consent) {
      await deleteMessages(transaction, id);
      await transaction.objectStore('conversations').put({
        ...stored,
        consent,
        lastMessage: null,
        lastActivityAt: stored.createdAt,
        unread: 0,
      });
    }
    await transaction.done;
    this.#tell([id]);
  }

  /** Forgets everything, the cursor too: the next update reads libxmtp from the beginning. */
  clear(): Promise<void> {
    return this.#hiding(everyConversation, async () => {
      const transaction = (await this.#open()).transaction(everyStore, 'readwrite');
      await Promise.all(everyStore.map((name) => transaction.objectStore(name).clear()));
      await transaction.done;
      this.#announce({ topics: ['conversations', 'messages'], conversationIds: null });
    });
  }

  /** Counts a conversation's unread messages anew, after its read position moved. */
  async recountUnread(conversationId: ConversationId, read: ReadPositions): Promise<void> {
    const transaction = (await this.#open()).transaction(everyStore, 'readwrite');
    await summarise(transaction, conversationId, read);
    await transaction.done;
    this.#tell([conversationId]);
  }

  /** Of conversations that have any. */
  async unreadCounts(): Promise<ReadonlyMap<ConversationId, number>> {
    const conversations = await (await this.#open()).getAll('conversations');
    return new Map(conversations.flatMap(({ id, unread }) => (unread > 0 ? [[id, unread]] : [])));
  }

  /** When the unread messages of a conversation were sent, newest first. */
  async unreadTimes(id: ConversationId, read: ReadPositions): Promise<readonly Milliseconds[]> {
    const state = readState(id, read);
    const range = messagesOf(id, state.readUntil);
    const after = await (await this.#open()).getAllFromIndex('messages', 'byConversation', range);
    return after
      .filter((message) => isUnread(message, state))
      .map(({ sentAt }) => sentAt)
      .reverse();
  }

  #tell(conversationIds: readonly ConversationId[]): void {
    this.#announce({ topics: ['conversations', 'messages'], conversationIds });
  }
}

/** What a chunk takes out of the chats, or says is not in them. */
function hiddenBy({ conversations, removed }: Changes): ReadonlySet<ConversationId> {
  const others = conversations.filter(({ consent }) => consent !== 'allowed');
  return new Set([...removed, ...others.map(({ id }) => id)]);
}

async function putSnapshot(transaction: Writing, snapshot: ConversationSnapshot) {
  const conversations = transaction.objectStore('conversations');
  const before = await conversations.get(snapshot.id);
  const after = conversationFrom(snapshot, before);
  if (before !== undefined && before.consent !== after.consent) {
    await deleteMessages(transaction, snapshot.id);
  }
  let membersChanged = false;
  if (snapshot.members !== null) {
    const members = transaction.objectStore('members');
    const known = await members.get(snapshot.id);
    membersChanged = JSON.stringify(known?.members) !== JSON.stringify(snapshot.members);
    if (membersChanged) {
      await members.put({ conversationId: snapshot.id, members: snapshot.members });
    }
    membersChanged &&= known !== undefined;
  }
  await conversations.put(after);
  return { before, after, membersChanged };
}

/** Writes messages and brings their conversation's summary along. Answers those not stored before. */
async function putMessages(
  transaction: Writing,
  conversationId: ConversationId,
  messages: readonly Message[],
  read: ReadPositions,
): Promise<readonly Message[]> {
  const store = transaction.objectStore('messages');
  const known = await Promise.all(messages.map(({ id }) => store.getKey(id)));
  const fresh = messages.filter((_message, position) => known[position] === undefined);
  await Promise.all(messages.map((message) => store.put(message)));
  const conversations = transaction.objectStore('conversations');
  const conversation = await conversations.get(conversationId);
  if (conversation !== undefined) {
    const state = readState(conversationId, read);
    await conversations.put(withMessages(conversation, messages, fresh, state));
  }
  return fresh;
}

/** Works out a conversation's last message and unread count from its stored messages. */
async function summarise(
  transaction: Writing,
  conversationId: ConversationId,
  read: ReadPositions,
): Promise<void> {
  const conversations = transaction.objectStore('conversations');
  const conversation = await conversations.get(conversationId);
  if (conversation?.consent !== 'allowed') return;
  const index = transaction.objectStore('messages').index('byConversation');
  const state = readState(conversationId, read);
  const [newest, unreadCandidates] = await Promise.all([
    newestFirst(index, messagesOf(conversationId, null), previewDepth),
    index.getAll(messagesOf(conversationId, state.readUntil)),
  ]);
  const lastMessage = newestPreview(newest);
  await conversations.put({
    ...conversation,
    lastMessage,
    lastActivityAt: lastMessage?.sentAt ?? conversation.createdAt,
    unread: unreadCandidates.filter((message) => isUnread(message, state)).length,
  });
}

async function deleteMessages(transaction: Writing, id: ConversationId): Promise<void> {
  const messages = transaction.objectStore('messages');
  const keys = await messages.index('byConversation').getAllKeys(messagesOf(id, null));
  await Promise.all(keys.map((key) => messages.delete(key)));
}

async function removeConversation(transaction: Writing, id: ConversationId): Promise<void> {
  await deleteMessages(transaction, id);
  await transaction.objectStore('members').delete(id);
  await transaction.objectStore('conversations').delete(id);
}

function readState(conversationId: ConversationId, read: ReadPositions): ReadState {
  const position = read.positions.get(conversationId) ?? 0;
  return { self: read.self, readUntil: Math.max(read.floor, position) };
}

function byConversation(messages: readonly Message[]): Map<ConversationId, Message[]> {
  const groups = new Map<ConversationId, Message[]>();
  for (const message of messages) {
    const group = groups.get(message.conversationId);
    if (group === undefined) groups.set(message.conversationId, [message]);
    else group.push(message);
  }
  return groups;
}
