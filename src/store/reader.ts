/**
 * What pages read from the store, without waking anything. `openStoreReader()` (in `read.ts`) answers
 * one; it opens databases lazily, never creates or migrates them, and answers emptiness while the
 * background has not made them yet.
 */
import type { PublicAccount } from '../shared/account.ts';
import type { Connection } from '../shared/connection.ts';
import type { ConsentState } from '../shared/consent.ts';
import type { Conversation, Member, Message } from '../shared/conversation.ts';
import type { HistoryRequest } from '../shared/history.ts';
import type { ConversationId, Milliseconds, RunId } from '../shared/ids.ts';
import type { OutboxEntry } from '../shared/outbox.ts';
import type { Run } from '../shared/run.ts';
import type { Settings } from '../shared/settings.ts';

/** Where a page of conversations ended; opaque to callers. */
export interface ConversationPosition {
  readonly lastActivityAt: Milliseconds;
  readonly id: ConversationId;
}

export interface StoreReader {
  /** The account, or null before set-up. */
  account(): Promise<PublicAccount | null>;
  settings(): Promise<Settings>;
  connection(): Promise<Connection>;

  /** Runs, newest first. `before` continues after the run of that id. */
  runs(query: { readonly limit: number; readonly before: RunId | null }): Promise<readonly Run[]>;
  run(id: RunId): Promise<Run | null>;
  /** The run under way or queued first, if any. */
  activeRun(): Promise<Run | null>;
  /** The newest run that is over, whatever became of it. */
  lastEndedRun(): Promise<Run | null>;

  /** Conversations in one consent state, last activity first. */
  conversations(query: {
    readonly consent: ConsentState;
    readonly limit: number;
    readonly after: ConversationPosition | null;
  }): Promise<readonly Conversation[]>;
  conversation(id: ConversationId): Promise<Conversation | null>;
  countConversations(): Promise<Readonly<Record<ConsentState, number>>>;
  members(id: ConversationId): Promise<readonly Member[]>;
  /** Messages of a conversation, newest first; `before` continues towards older ones. */
  messages(query: {
    readonly conversationId: ConversationId;
    readonly limit: number;
    readonly before: Pick<Message, 'sentAt' | 'id'> | null;
  }): Promise<readonly Message[]>;
  /** Unsent and failed messages of a conversation, oldest first. */
  outbox(conversationId: ConversationId): Promise<readonly OutboxEntry[]>;
  /** Up to where the person has read; null if never. */
  readPosition(id: ConversationId): Promise<Milliseconds | null>;

  /** Requests for history, newest first. */
  historyRequests(query: { readonly limit: number }): Promise<readonly HistoryRequest[]>;

  /** Hears of commits by any context. Returns how to stop. Delivery is best effort: re-read on focus. */
  subscribe(listener: (change: StoreChange) => void): () => void;
  close(): void;
}

export type StoreTopic =
  | 'account'
  | 'settings'
  | 'connection'
  | 'runs'
  | 'conversations'
  | 'messages'
  | 'outbox'
  | 'history';

/** What a commit touched. `conversationIds` is null where it may be any. */
export interface StoreChange {
  readonly topics: readonly StoreTopic[];
  readonly conversationIds: readonly ConversationId[] | null;
}
