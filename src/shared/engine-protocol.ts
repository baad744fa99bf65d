/**
 * The engine's operations and events. Both sides ship together, so this is a table of types; values travel by
 * structured clone. libxmtp's objects never cross: the engine answers with plain records, in batches.
 */
import type { ConversationSnapshot, Message } from './conversation.ts';
import type { ConsentFilter, ConsentState } from './consent.ts';
import type { BackupKey, BackupSecret, CheckedBackup } from './backup.ts';
import type { DatabaseStats, IntegrityReport } from './database.ts';
import type { SyncGroupLog } from './archive.ts';
import type { HistoryCounts, HistoryOptions, Installation } from './history.ts';
import type { Address, ConversationId, InboxId, InstallationId, Milliseconds } from './ids.ts';
import type { NetworkEndpoints } from './network-choice.ts';
import type { ProbeBaseline } from './probe-baseline.ts';
import type { KnownEligible, RunFailure, SyncScope, TrafficSummary } from './run.ts';
import type { InboxUsage, Signature, SignaturePurpose } from './signature-request.ts';

export interface DatabaseNamed {
  readonly databaseName: string;
}

export interface OpenInput {
  readonly databaseName: string;
  readonly address: Address;
  readonly endpoints: NetworkEndpoints;
  /** Whether libxmtp may answer other installations' requests for history. */
  readonly serveHistory: boolean;
  /**
   * `create`: a new account; an existing database of that name is resumed.
   * `existing`: the installation must be this one. The engine never registers on its own and never opens
   * another installation; it throws database_lost, database_damaged, database_locked or inbox_mismatch.
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
}

export interface SyncInput {
  readonly scope: SyncScope;
  /**
   * After an interrupted or partial run: sync the conversations one by one instead of trusting
   * libxmtp's own choice, which skips quiet groups (docs/libxmtp.md#sync-hides-failures).
   */
  readonly thorough: boolean;
  /** Conversations that an earlier run could not finish. They are synced one by one, too. */
  readonly also: readonly ConversationId[];
  /** Conversations that a large sync fetches first, if they have anything new. */
  readonly pinned: readonly ConversationId[];
  /**
   * When everything was last synced; 0 for never. If nobody wrote since, there is no order to choose and nothing
   * to count. This is a hint and leaves nothing out of the sync.
   */
  readonly quietSince: Milliseconds;
  /** What earlier syncs' eligible conversations were made of. */
  readonly knownEligible: readonly KnownEligible[];
}

export interface SyncOutput {
  readonly eligible: number | null;
  /** Null where it is unknown, because finding out would slow down a sync that finds nothing. */
  readonly eligibleParts: KnownEligible | null;
  readonly synced: number | null;
  /** From observed traffic, because libxmtp resolves a sync whose calls failed as if nothing were new. */
  readonly failures: readonly RunFailure[];
  readonly traffic: TrafficSummary;
}

/**
 * The store's place in libxmtp's insertion order. Only the engine reads it; the store commits it together with
 * the changes that it acknowledges.
 */
export type ChangeCursor = string;

export interface ChangesInput {
  /** Null: from the beginning. */
  readonly cursor: ChangeCursor | null;
  /**
   * `touched`: conversations that this engine fetched, joined or changed since the delivery that `cursor`
   * acknowledges; right after a sync, these are all that can have changed. `all`: every conversation, for when
   * an engine may have ended before its changes were delivered.
   */
  readonly scan: 'touched' | 'all';
  /** Delivers messages only of conversations in these states, but snapshots of all. */
  readonly messagesOf: ConsentFilter;
  /** About the most messages in one answer. */
  readonly limit: number;
}

/**
 * A bounded piece of what changed since a cursor. Applying it twice changes nothing. Cursors overlap
 * (docs/libxmtp.md#insertion-cursor), so records that are already stored come again.
 */
export interface Changes {
  readonly conversations: readonly ConversationSnapshot[];
  readonly messages: readonly Message[];
  /** Conversations that libxmtp no longer has (deleted, or merged one-to-one duplicates). */
  readonly removed: readonly ConversationId[];
  readonly cursor: ChangeCursor;
  /** The number of conversations still to come. */
  readonly remaining: number;
  /** If false, call again with `cursor` for the next piece. */
  readonly done: boolean;
}

export interface ConversationMessagesInput {
  readonly conversationId: ConversationId;
}

export interface SendTextInput {
  readonly conversationId: ConversationId;
  readonly text: string;
  readonly idempotencyKey: string;
}

/** Operations by name, with input and output. Any may throw a LockstepError. */
export interface EngineOperations {
  open: { input: OpenInput; output: OpenOutput };
  /**
   * Gives what the inbox's signer must sign; null where nothing is left to sign. It replaces an earlier request
   * and ends with the engine. Throws installation_limit, identity_update_limit.
   */
  requestSignature: {
    input: { readonly purpose: SignaturePurpose };
    output: {
      readonly id: string;
      readonly text: string;
      readonly usage: InboxUsage;
    } | null;
  };
  /** Throws signature_wrong, contract_signature_refused. Makes network calls only to verify the signature. */
  addSignature: {
    input: { readonly id: string; readonly signature: Signature };
    output: null;
  };
  /** Publishes what was signed. */
  applySignatures: { input: { readonly id: string }; output: null };
  /** Whose database is open. Throws database_released for none. */
  identity: {
    input: Record<never, never>;
    output: OpenOutput;
  };
  sync: { input: SyncInput; output: SyncOutput };
  /** Resumes a sync that waits after `recent-fetched`. */
  continueSync: { input: Record<never, never>; output: null };
  changes: { input: ChangesInput; output: Changes };
  /** Network calls since the last time, failed ones included. */
  takeCallCount: { input: Record<never, never>; output: number };
  /**
   * Opens streams of new conversations, of messages in allowed conversations, of preferences and of deletions.
   * `touched` announces what they bring. Conversations that are allowed later need a restart.
   */
  startStreams: { input: Record<never, never>; output: null };
  /** Settles with the reason when a stream ends; `stopStreams` ends them all. Waits for no operation. */
  streamsEnded: { input: Record<never, never>; output: StreamsEnd };
  stopStreams: { input: Record<never, never>; output: null };
  /** libxmtp's message counts by conversation; unknown conversations are left out. */
  countMessages: {
    input: { readonly conversationIds: readonly ConversationId[] };
    output: ReadonlyMap<ConversationId, number>;
  };
  conversationMessages: {
    input: ConversationMessagesInput;
    /** All messages, oldest first, for a repair. */
    output: readonly Message[];
  };
  setConsent: {
    input: { readonly conversationId: ConversationId; readonly consent: ConsentState };
    output: ConversationSnapshot;
  };
  /**
   * Restarts a read-only one-to-one conversation and returns the id under which it is listed from then on.
   * Leaves one that is not read-only as it is. Throws conversation_inactive for a group.
   */
  restartDm: {
    input: { readonly conversationId: ConversationId };
    output: { readonly conversationId: ConversationId };
  };
  /** Stores and publishes a message, and returns it. Repeating the call sends it once. */
  sendText: { input: SendTextInput; output: Message };
  /** The inbox's installations according to the identity log, this one included. */
  installations: {
    input: Record<never, never>;
    output: readonly Installation[];
  };
  /** Asks all installations. They upload answers to `serverUrl`, which this allows for the session. */
  requestHistory: {
    input: { readonly options: HistoryOptions; readonly serverUrl: string };
    output: null;
  };
  /** Counts what libxmtp has from before a moment, in conversations of every consent state. */
  countHistory: { input: { readonly sentBefore: Milliseconds }; output: HistoryCounts };
  /** Fetches welcomes and sync groups: requests, archives and choices of other installations. */
  pullSyncGroups: { input: Record<never, never>; output: null };
  /** What the sync groups hold. Makes no network call. */
  readSyncGroups: { input: Record<never, never>; output: SyncGroupLog };
  /**
   * Fetches an archive of the sync groups from the configured history server or the given one, and imports it.
   * Idempotent. Throws archive_missing, archive_damaged.
   */
  processArchive: {
    input: { readonly pin: string; readonly serverUrl: string | null };
    output: null;
  };
  /** Uploads an archive and announces it to the inbox's installations. */
  sendArchive: {
    input: { readonly options: HistoryOptions; readonly pin: string; readonly serverUrl: string };
    output: null;
  };
  /** Derives a new file's key. Waits for no operation. Throws bad_backup_key. */
  newBackupKey: { input: { readonly secret: BackupSecret }; output: BackupKey };
  /**
   * Derives an existing file's key. Waits for no operation. Throws bad_backup_key, backup_gone, and as
   * `parseHeader`.
   */
  keyOfBackup: {
    input: { readonly file: string; readonly secret: BackupSecret };
    output: BackupKey;
  };
  /** Writes a backup to the transfer folder. Throws storage_full. */
  makeBackup: {
    input: {
      readonly file: string;
      readonly key: BackupKey;
      readonly options: HistoryOptions;
      readonly madeAt: Milliseconds;
    };
    output: null;
  };
  /**
   * Reads a whole backup and changes nothing. Waits for no operation. Throws wrong_passphrase,
   * wrong_backup_key, backup_damaged, and as `parseHeader`.
   */
  checkBackup: {
    input: { readonly file: string; readonly key: BackupKey };
    output: CheckedBackup;
  };
  /** Idempotent. Authenticates the file before it writes anything, and throws as `checkBackup`. */
  importBackup: { input: { readonly file: string; readonly key: BackupKey }; output: null };
  /** A URL for the browser's downloads, valid while the engine lives. */
  backupUrl: { input: { readonly file: string }; output: { readonly url: string } };
  revokeBackupUrl: { input: { readonly url: string }; output: null };
  /** Sets whether libxmtp may answer other installations' requests. Waits for no operation. */
  serveHistory: { input: { readonly enabled: boolean }; output: null };
  /** Milliseconds since the last network call; 0 while one is under way. Waits for no operation. */
  quietFor: { input: Record<never, never>; output: number };
  /** Works whether or not a database is open. */
  storageStats: { input: DatabaseNamed; output: DatabaseStats };
  /** This and the next three need a worker that has opened no database; else they throw database_locked. */
  checkDatabase: { input: DatabaseNamed; output: IntegrityReport };
  /** Writes a copy to the transfer folder (shared/database.ts). */
  exportDatabase: { input: DatabaseNamed; output: { readonly bytes: number } };
  /** Restores from the transfer folder. Throws bad_backup, inbox_mismatch. */
  restoreDatabase: { input: DatabaseNamed & { readonly inboxId: InboxId }; output: null };
  deleteDatabase: { input: DatabaseNamed; output: null };
  /**
   * Ends the worker from inside, between operations (docs/libxmtp.md#hot-journal). Answers before it ends.
   * `baseline`: of the latest sync of everything, if it found nothing and the database is unchanged since.
   */
  close: { input: Record<never, never>; output: { readonly baseline: ProbeBaseline | null } };
}

export type EngineOperation = keyof EngineOperations;
export type EngineInput<Op extends EngineOperation> = EngineOperations[Op]['input'];
export type EngineOutput<Op extends EngineOperation> = EngineOperations[Op]['output'];

/** `stopped` by us, or `lost`: streams never reconnect. */
export type StreamsEnd =
  { readonly reason: 'stopped' } | { readonly reason: 'lost'; readonly detail: string };

/** What the engine announces. */
export type EngineEvent =
  /** The worker holds its lock, so its end can be noticed from now on. */
  | { readonly type: 'alive' }
  /** A stream brought something into libxmtp's database; `changes` delivers it. */
  | { readonly type: 'touched' }
  /**
   * Progress of a sync: conversations whose messages were fetched, and how many the whole sync will fetch, if
   * known. `recent` is the part that a large sync serves first. Counting starts at 0. `joining` comes before and
   * counts welcomes that have become conversations.
   */
  | {
      readonly type: 'progress';
      readonly part: 'joining' | 'recent' | 'all';
      readonly done: number;
      readonly total: number | null;
      readonly at: Milliseconds;
    }
  /**
   * A large sync has fetched what it serves first and waits for `continueSync`, up to a time limit. Until then
   * `changes` may be called in the middle of it.
   */
  | { readonly type: 'recent-fetched' }
  /** A raw write failed and nothing more is written. The worker must end, and the next one recovers. */
  | { readonly type: 'storage-failed'; readonly detail: string };

/**
 * Connects to a worker: the host posts this with a fresh MessagePort. A later port replaces it; operations under
 * way go on and answer on the port that they came through.
 */
export interface EngineConnect {
  readonly lockstep: 'engine-connect';
  /** The worker holds a Web Lock of this name while it lives, so that its end can be noticed. */
  readonly aliveLock: string;
}

/** Tells the worker what its host does: with `given`, the host compiles libxmtp's WASM meanwhile. */
export type EngineWorkerName = 'lockstep-engine' | 'lockstep-engine-given';

/** What such a host posts, once. With null, the worker loads the file itself. */
export interface EngineModule {
  readonly lockstep: 'engine-module';
  readonly module: WebAssembly.Module | null;
}
