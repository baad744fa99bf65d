/**
 * What the background asks of the engine's worker, and what the worker tells by itself. Both sides are
 * ours and ship together, so this is a table of types; values travel by structured clone.
 * libxmtp's own objects never cross: the engine answers plain records, in batches.
 */
import type { ConversationSnapshot, Message } from './conversation.ts';
import type { ConsentFilter, ConsentState } from './consent.ts';
import type { HistoryOptions, Installation } from './history.ts';
import type {
  Address,
  ConversationId,
  InboxId,
  InstallationId,
  MessageId,
  Milliseconds,
} from './ids.ts';
import type { NetworkEndpoints } from './network-choice.ts';
import type { RunFailure, SyncScope, TrafficSummary } from './run.ts';

export interface OpenInput {
  readonly databaseName: string;
  readonly address: Address;
  readonly endpoints: NetworkEndpoints;
  /**
   * `create`: a new account; an existing database of that name is taken up where it was left.
   * `existing`: the installation must be this one. The engine never registers by itself and never
   * answers with another installation: it throws database_lost, database_damaged, database_locked or
   * inbox_mismatch instead.
   */
  readonly expect:
    | { readonly kind: 'create' }
    | {
        readonly kind: 'existing';
        readonly inboxId: InboxId;
        readonly installationId: InstallationId;
      };
}

export interface OpenOutput {
  readonly inboxId: InboxId;
  readonly installationId: InstallationId;
  readonly registered: boolean;
  readonly libxmtpVersion: string;
  /** Journals of a killed predecessor that were rolled back before opening. */
  readonly recoveredJournals: number;
}

export interface SyncInput {
  readonly scope: SyncScope;
  /**
   * After an interrupted or partial run: sync the conversations one by one instead of trusting
   * libxmtp's own choice, which skips quiet groups (trap E).
   */
  readonly thorough: boolean;
}

export interface SyncOutput {
  readonly eligible: number | null;
  readonly synced: number | null;
  /** From our own evidence: libxmtp resolves a sync whose calls failed as if nothing were new. */
  readonly failures: readonly RunFailure[];
  readonly traffic: TrafficSummary;
}

/**
 * Where the store stands in libxmtp's insertion order. Made and read by the engine only; the store
 * keeps it as it is and commits it together with the changes that it stands for.
 */
export type ChangeCursor = string;

export interface ChangesInput {
  /** Null: from the beginning. */
  readonly cursor: ChangeCursor | null;
  /** Messages are reported only for conversations in these states; snapshots for all of them. */
  readonly messagesOf: ConsentFilter;
  /** At most about so many messages in one answer. */
  readonly limit: number;
}

/**
 * A bounded piece of what changed since a cursor. Applying one twice changes nothing. The cursor
 * overlaps by a minute (trap D), so records that are already stored come again.
 */
export interface Changes {
  readonly conversations: readonly ConversationSnapshot[];
  readonly messages: readonly Message[];
  /** Conversations that libxmtp no longer has (deleted, or merged one-to-one duplicates). */
  readonly removed: readonly ConversationId[];
  readonly cursor: ChangeCursor;
  /** False: ask again with `cursor`. */
  readonly done: boolean;
}

export interface ConversationMessagesInput {
  readonly conversationId: ConversationId;
  /** Newest first: only what was sent before this message, in list order; null for the newest. */
  readonly before: MessageId | null;
  readonly limit: number;
}

export interface SendTextInput {
  readonly conversationId: ConversationId;
  readonly text: string;
  readonly idempotencyKey: string;
}

/** Operations by name: what goes in and what comes out. Any may throw a LockstepError. */
export interface EngineOperations {
  open: { input: OpenInput; output: OpenOutput };
  /** What the account's key must sign (EIP-191) to register; null when it is registered already. */
  registrationText: { input: Record<never, never>; output: { readonly text: string | null } };
  /** Registers with the signature over that text. Registering twice is refused by `text` being null. */
  register: {
    input: { readonly signature: Uint8Array };
    output: { readonly inboxId: InboxId; readonly installationId: InstallationId };
  };
  sync: { input: SyncInput; output: SyncOutput };
  changes: { input: ChangesInput; output: Changes };
  /** Message counts by conversation, as libxmtp has them; conversations it lacks are left out. */
  countMessages: {
    input: { readonly conversationIds: readonly ConversationId[] };
    output: ReadonlyMap<ConversationId, number>;
  };
  conversationMessages: {
    input: ConversationMessagesInput;
    output: { readonly messages: readonly Message[]; readonly done: boolean };
  };
  setConsent: {
    input: { readonly conversationId: ConversationId; readonly consent: ConsentState };
    output: ConversationSnapshot;
  };
  /** Stores, publishes and answers the message as it stands then. Repeating it sends once. */
  sendText: { input: SendTextInput; output: Message };
  /** The inbox's installations from the identity log, this one included. */
  installations: {
    input: Record<never, never>;
    output: readonly Installation[];
  };
  requestHistory: { input: { readonly options: HistoryOptions }; output: null };
  /** Imports the newest archive of the sync group, if one is there (`processSyncArchive()`). */
  processArchive: { input: { readonly pin: string | null }; output: null };
  /** Ends the worker by its own hand, between operations (trap A). Answers before it is gone. */
  close: { input: Record<never, never>; output: null };
}

export type EngineOperation = keyof EngineOperations;
export type EngineInput<Op extends EngineOperation> = EngineOperations[Op]['input'];
export type EngineOutput<Op extends EngineOperation> = EngineOperations[Op]['output'];

/** What the engine says without being asked. */
export type EngineEvent =
  /** While a sync runs: conversations whose messages were fetched, of how many if known. */
  | {
      readonly type: 'progress';
      readonly done: number;
      readonly total: number | null;
      readonly at: Milliseconds;
    }
  /** A raw write failed: nothing more is written; the worker must be ended and recovered from. */
  | { readonly type: 'storage-failed'; readonly detail: string };

/**
 * How a worker is reached: the host posts this with a fresh MessagePort. A later one replaces the port
 * before it; operations under way go on and answer on the port they came by.
 */
export interface EngineConnect {
  readonly lockstep: 'engine-connect';
  /** The worker holds a Web Lock of this name while it lives, so that its death can be noticed. */
  readonly aliveLock: string;
}
