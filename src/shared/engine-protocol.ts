/**
 * What the background asks of the engine's worker, and what the worker tells by itself. Both sides are
 * ours and ship together, so this is a table of types; values travel by structured clone.
 * libxmtp's own objects never cross: the engine answers plain records, in batches.
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
  /** Whether requests for history of other installations may be answered. */
  readonly serveHistory: boolean;
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
}

export interface SyncInput {
  readonly scope: SyncScope;
  /**
   * After an interrupted or partial run: sync the conversations one by one instead of trusting
   * libxmtp's own choice, which skips quiet groups (docs/libxmtp.md#sync-hides-failures).
   */
  readonly thorough: boolean;
  /** Conversations that an earlier run could not finish: synced one by one as well. */
  readonly also: readonly ConversationId[];
  /** Conversations that a large sync fetches before all others, where they have anything new. */
  readonly pinned: readonly ConversationId[];
  /**
   * When everything was last synced, 0 for never: if nobody wrote since, there is no order to choose and
   * nothing to count. A hint: what it leaves out is fetched all the same.
   */
  readonly quietSince: Milliseconds;
  /** What earlier syncs found their eligible conversations to be made of. */
  readonly knownEligible: readonly KnownEligible[];
}

export interface SyncOutput {
  readonly eligible: number | null;
  /** Null where it is not known, and finding out would cost a sync with nothing new its speed. */
  readonly eligibleParts: KnownEligible | null;
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
  /**
   * `touched`: only conversations that this engine fetched, joined or changed since the reading that
   * `cursor` is the end of; right after a sync, that is all there can be. `all`: every conversation; for when an
   * engine may have ended before it reported.
   */
  readonly scan: 'touched' | 'all';
  /** Messages are reported only for conversations in these states; snapshots for all of them. */
  readonly messagesOf: ConsentFilter;
  /** At most about so many messages in one answer. */
  readonly limit: number;
}

/**
 * A bounded piece of what changed since a cursor. Applying one twice changes nothing. The cursor
 * overlaps by a minute (docs/libxmtp.md#insertion-cursor), so records that are already stored come again.
 */
export interface Changes {
  readonly conversations: readonly ConversationSnapshot[];
  readonly messages: readonly Message[];
  /** Conversations that libxmtp no longer has (deleted, or merged one-to-one duplicates). */
  readonly removed: readonly ConversationId[];
  readonly cursor: ChangeCursor;
  /** Conversations that are still to come. */
  readonly remaining: number;
  /** False: ask again with `cursor`. */
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

/** Operations by name: what goes in and what comes out. Any may throw a LockstepError. */
export interface EngineOperations {
  open: { input: OpenInput; output: OpenOutput };
  /**
   * What the inbox's signer must sign; null where it is done already. It replaces an earlier request, and
   * is gone with the engine. Throws installation_limit, identity_update_limit.
   */
  requestSignature: {
    input: { readonly purpose: SignaturePurpose };
    output: {
      readonly id: string;
      readonly text: string;
      readonly usage: InboxUsage;
    } | null;
  };
  /** Throws signature_wrong, contract_signature_refused; nothing is sent to anybody but for the check. */
  addSignature: {
    input: { readonly id: string; readonly signature: Signature };
    output: null;
  };
  /** Carries out what was signed. */
  applySignatures: { input: { readonly id: string }; output: null };
  /** Whose database is open. */
  identity: {
    input: Record<never, never>;
    output: OpenOutput;
  };
  sync: { input: SyncInput; output: SyncOutput };
  /** Goes on with a sync that waits after `recent-fetched`. */
  continueSync: { input: Record<never, never>; output: null };
  changes: { input: ChangesInput; output: Changes };
  /** Calls to the network since this was last asked, whatever became of them. */
  takeCallCount: { input: Record<never, never>; output: number };
  /**
   * Opens streams of new conversations, of messages in allowed conversations, of preferences and of
   * deletions. What they bring is announced by `touched`; what was allowed later needs a restart.
   */
  startStreams: { input: Record<never, never>; output: null };
  /** Settles when a stream ends, with why; `stopStreams` ends them all. Waits for no operation. */
  streamsEnded: { input: Record<never, never>; output: StreamsEnd };
  stopStreams: { input: Record<never, never>; output: null };
  /** Message counts by conversation, as libxmtp has them; conversations it lacks are left out. */
  countMessages: {
    input: { readonly conversationIds: readonly ConversationId[] };
    output: ReadonlyMap<ConversationId, number>;
  };
  conversationMessages: {
    input: ConversationMessagesInput;
    /** All of them, oldest first; what a repair compares with. */
    output: readonly Message[];
  };
  setConsent: {
    input: { readonly conversationId: ConversationId; readonly consent: ConsentState };
    output: ConversationSnapshot;
  };
  /**
   * Starts an inactive one-to-one conversation anew and answers as which one it is listed from then on;
   * one that can be written to is left as it is. Throws conversation_inactive for a group.
   */
  restartDm: {
    input: { readonly conversationId: ConversationId };
    output: { readonly conversationId: ConversationId };
  };
  /** Stores, publishes and answers the message as it stands then. Repeating it sends once. */
  sendText: { input: SendTextInput; output: Message };
  /** The inbox's installations from the identity log, this one included. */
  installations: {
    input: Record<never, never>;
    output: readonly Installation[];
  };
  /** Asks them all; the answer is left at `serverUrl`, which is allowed for this session. */
  requestHistory: {
    input: { readonly options: HistoryOptions; readonly serverUrl: string };
    output: null;
  };
  /** What libxmtp has of the time before a moment, in conversations of every consent state. */
  countHistory: { input: { readonly sentBefore: Milliseconds }; output: HistoryCounts };
  /** Fetches welcomes and sync groups: requests, archives and choices of other installations. */
  pullSyncGroups: { input: Record<never, never>; output: null };
  /** What the sync groups hold. Asks nobody. */
  readSyncGroups: { input: Record<never, never>; output: SyncGroupLog };
  /**
   * Fetches and imports an archive of the sync groups, from the configured history server or the one
   * given. Repeating it changes nothing. Errors: archive_missing, archive_damaged.
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
  /** From a passphrase or a generated key to a new file's. Waits for no operation. Throws bad_backup_key. */
  newBackupKey: { input: { readonly secret: BackupSecret }; output: BackupKey };
  /**
   * For a file that exists. Waits for no operation. Throws bad_backup_key, backup_gone, and what is wrong
   * with the file's beginning.
   */
  keyOfBackup: {
    input: { readonly file: string; readonly secret: BackupSecret };
    output: BackupKey;
  };
  /** Leaves a backup in the transfer folder. */
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
   * Reads all of a backup and changes nothing. Waits for no operation. Throws wrong_passphrase,
   * wrong_backup_key, backup_damaged and what is wrong with the file's beginning.
   */
  checkBackup: {
    input: { readonly file: string; readonly key: BackupKey };
    output: CheckedBackup;
  };
  /** Repeating it changes nothing. Throws as `checkBackup` before anything is written. */
  importBackup: { input: { readonly file: string; readonly key: BackupKey }; output: null };
  /** An address for the browser's downloads, as long as the engine lives. */
  backupUrl: { input: { readonly file: string }; output: { readonly url: string } };
  revokeBackupUrl: { input: { readonly url: string }; output: null };
  /** Whether libxmtp may answer requests of other installations. Waits for no operation. */
  serveHistory: { input: { readonly enabled: boolean }; output: null };
  /** Milliseconds since the last call to the network; 0 while there is one. Waits for no operation. */
  quietFor: { input: Record<never, never>; output: number };
  /** Whether or not a database is open. */
  storageStats: { input: DatabaseNamed; output: DatabaseStats };
  /** The next four are for a worker that has opened no database; otherwise they throw database_locked. */
  checkDatabase: { input: DatabaseNamed; output: IntegrityReport };
  /** Leaves a copy in the transfer folder (shared/database.ts). */
  exportDatabase: { input: DatabaseNamed; output: { readonly bytes: number } };
  /** Takes the file from the transfer folder. Throws bad_backup, inbox_mismatch. */
  restoreDatabase: { input: DatabaseNamed & { readonly inboxId: InboxId }; output: null };
  deleteDatabase: { input: DatabaseNamed; output: null };
  /**
   * Ends the worker by its own hand, between operations (docs/libxmtp.md#hot-journal). Answers before it is gone. `baseline`: the
   * last sync of everything found nothing, and the database is still as it was then.
   */
  close: { input: Record<never, never>; output: { readonly baseline: ProbeBaseline | null } };
}

export type EngineOperation = keyof EngineOperations;
export type EngineInput<Op extends EngineOperation> = EngineOperations[Op]['input'];
export type EngineOutput<Op extends EngineOperation> = EngineOperations[Op]['output'];

/** `stopped` by us, or `lost`: streams never reconnect by themselves. */
export type StreamsEnd =
  { readonly reason: 'stopped' } | { readonly reason: 'lost'; readonly detail: string };

/** What the engine says without being asked. */
export type EngineEvent =
  /** The worker holds its lock: from now on its end can be noticed. */
  | { readonly type: 'alive' }
  /** A stream brought something into libxmtp's database; `changes` has it. */
  | { readonly type: 'touched' }
  /**
   * While a sync runs: conversations whose messages were fetched, of how many in the whole sync if
   * known. `recent` while those are fetched that a large sync serves first. Counting begins with 0.
   * Before that, in `joining`: welcomes that have become conversations, of how many.
   */
  | {
      readonly type: 'progress';
      readonly part: 'joining' | 'recent' | 'all';
      readonly done: number;
      readonly total: number | null;
      readonly at: Milliseconds;
    }
  /**
   * A large sync has fetched what it serves first and waits: `changes` may be asked for in the middle
   * of it, until `continueSync`, or until it loses patience.
   */
  | { readonly type: 'recent-fetched' }
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

/** The engine's worker by what its host does: `given` compiles libxmtp's WASM beside the worker's start. */
export type EngineWorkerName = 'lockstep-engine' | 'lockstep-engine-given';

/** What such a host posts, once; null if it could not, and the worker loads the file itself. */
export interface EngineModule {
  readonly lockstep: 'engine-module';
  readonly module: WebAssembly.Module | null;
}
