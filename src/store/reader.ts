/**
 * What pages read from the store, without waking anything. `openStoreReader()` (in `read.ts`) answers
 * one; it opens databases lazily, never creates or migrates them, and answers emptiness while the
 * background has not made them yet.
 */
import type { PublicAccount } from '../shared/account.ts';
import type { KnownArchives, Transfer } from '../shared/archive.ts';
import type { BackupJob, BackupSchedule } from '../shared/backup.ts';
import type { ConnectionStatus } from '../shared/connection-status.ts';
import type { ConsentState } from '../shared/consent.ts';
import type { Conversation, Member, Message } from '../shared/conversation.ts';
import type { Rebuild } from '../shared/database.ts';
import type { HistoryRequest } from '../shared/history.ts';
import type { ConversationId, InboxId, Milliseconds, RunId } from '../shared/ids.ts';
import type { OutboxEntry } from '../shared/outbox.ts';
import type { LiveStatus } from '../shared/live-status.ts';
import type { Completeness, Run } from '../shared/run.ts';
import type { Settings } from '../shared/settings.ts';
import type { SignatureRequest } from '../shared/signature-request.ts';
import type { WalletLink } from '../shared/wallet-link.ts';

/** Where a page of conversations ended; opaque to callers. */
export interface ConversationPosition {
  readonly lastActivityAt: Milliseconds;
  readonly id: ConversationId;
}

export interface StoreReader {
  /** The account, or null before set-up. */
  account(): Promise<PublicAccount | null>;
  /** What waits for a signature; null if nothing does. */
  signatureRequest(): Promise<SignatureRequest | null>;
  /** The way to a wallet in a web page; null if none is wanted. */
  walletLink(): Promise<WalletLink | null>;
  settings(): Promise<Settings>;
  connection(): Promise<ConnectionStatus>;

  /** Runs, newest first. `before` continues after the run of that id. */
  runs(query: { readonly limit: number; readonly before: RunId | null }): Promise<readonly Run[]>;
  run(id: RunId): Promise<Run | null>;
  /** The run under way or queued first, if any. */
  activeRun(): Promise<Run | null>;
  /** The newest run that is over, whatever became of it. */
  lastEndedRun(): Promise<Run | null>;

  /** When the store was last known to hold everything; null if never. */
  completeness(): Promise<Completeness | null>;
  live(): Promise<LiveStatus>;
  /** The last filling of the store from libxmtp that was asked for by hand; null if there was none. */
  rebuild(): Promise<Rebuild | null>;
  /** Calls that syncs have made to the network today. */
  callsToday(): Promise<number>;

  /** Conversations in one consent state, last activity first. */
  conversations(query: {
    readonly consent: ConsentState;
    readonly limit: number;
    readonly after: ConversationPosition | null;
  }): Promise<readonly Conversation[]>;
  /** The few conversations that are pinned and allowed, last activity first; read by key. */
  pinned(): Promise<readonly Conversation[]>;
  conversation(id: ConversationId): Promise<Conversation | null>;
  /** The one-to-one conversation with a person. Takes time with the number of conversations. */
  dmWith(inboxId: InboxId): Promise<Conversation | null>;
  /** How many there are in a state. Takes time with their number: not before a first paint. */
  countConversations(consent: ConsentState): Promise<number>;
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

  /** Archives that went out or came in, newest first. */
  transfers(query: { readonly limit: number }): Promise<readonly Transfer[]>;
  /** What the sync groups offered when they were last read; null if they never were. */
  archives(): Promise<KnownArchives | null>;

  /** Backups that were made and imported, newest first, and the schedule of those made by themselves. */
  backups(query: { readonly limit: number }): Promise<readonly BackupJob[]>;
  backupSchedule(): Promise<BackupSchedule>;

  /** Hears of commits by any context. Returns how to stop. Delivery is best effort: re-read on focus. */
  subscribe(listener: (change: StoreChange) => void): () => void;
  close(): void;
}

export type StoreTopic =
  | 'account'
  | 'settings'
  | 'connection'
  | 'schedule'
  | 'runs'
  | 'conversations'
  | 'messages'
  | 'outbox'
  | 'pins'
  | 'history'
  | 'backups';

/** What a commit touched. `conversationIds` is null where it may be any. */
export interface StoreChange {
  readonly topics: readonly StoreTopic[];
  readonly conversationIds: readonly ConversationId[] | null;
}
