/** Backups: their contents, the jobs that make and import them, and the schedule of the automatic ones. */
import * as v from 'valibot';
import type { Kdf } from './backup-file.ts';
import type { ErrorRecord } from './errors.ts';
import { historyElements, historyOptionsSchema, type HistoryOptions } from './history.ts';
import { inboxIdSchema, installationIdSchema, type AccountId, type Milliseconds } from './ids.ts';

/** A file's metadata, readable with its key. */
export const backupMetadataSchema = v.strictObject({
  inboxId: inboxIdSchema,
  installationId: installationIdSchema,
  elements: v.array(v.picklist(historyElements)),
  from: v.nullable(v.number()),
  until: v.nullable(v.number()),
  excludeDisappearing: v.boolean(),
});
export type BackupMetadata = v.InferOutput<typeof backupMetadataSchema>;

/** A file that was authenticated in full and that libxmtp imported in a dry run. */
export interface CheckedBackup {
  readonly madeAt: Milliseconds;
  readonly bytes: number;
  /** Under the name that stored jobs have it by. */
  readonly facts: BackupMetadata;
  readonly conversations: number;
  readonly messages: number;
}

/**
 * Opens the files of one passphrase or generated key. It is never the passphrase itself, and pages do not see
 * it. Jobs keep it while they run, so that the next start of the background can resume them, and so does the
 * schedule. This exposes nothing: libxmtp's database on this device is unencrypted and holds the same messages.
 */
export interface BackupKey {
  readonly kdf: Kdf;
  readonly secret: Uint8Array<ArrayBuffer>;
}

export const shortestPassphrase = 10;
/** A passphrase, or the text of a generated key. */
export const backupSecretSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('passphrase'),
    text: v.pipe(v.string(), v.maxLength(1000)),
  }),
  v.strictObject({ kind: v.literal('key'), text: v.pipe(v.string(), v.maxLength(100)) }),
]);
export type BackupSecret = v.InferOutput<typeof backupSecretSchema>;
/** For a new file, which needs a passphrase that protects it. */
export const newBackupSecretSchema = v.pipe(
  backupSecretSchema,
  v.check(({ kind, text }) => kind === 'key' || text.length >= shortestPassphrase),
);

/** Names of files in the transfer folder (shared/database.ts) that jobs work on. */
export const backupFileSchema = v.pipe(
  v.string(),
  v.regex(/^backup-(?:made|given)-[0-9a-f-]{36}$/),
);

export type BackupStep = 'making' | 'checking' | 'saving' | 'importing' | 'storing';

/**
 * `made`: checked, and in the transfer folder until a page saves it. `saved`: in the downloads folder.
 * `interrupted`: the browser stopped the background. A scheduled job then starts over; a job that the person
 * started was resumed several times before it ends like this.
 */
export type BackupState =
  | {
      readonly kind: 'working';
      readonly step: BackupStep;
      /** Conversations stored, of how many if known. */
      readonly done: number;
      readonly total: number | null;
    }
  | { readonly kind: 'made' }
  | { readonly kind: 'saved' }
  | {
      readonly kind: 'imported';
      readonly newConversations: number;
      readonly newMessages: number;
    }
  | { readonly kind: 'failed'; readonly error: ErrorRecord }
  | { readonly kind: 'interrupted' };

/** A job: journaled before it starts, and kept as history afterwards. */
export interface BackupJob {
  readonly id: string;
  readonly accountId: AccountId;
  readonly at: Milliseconds;
  readonly kind: 'made' | 'scheduled' | 'imported';
  /** Null for imports. */
  readonly options: HistoryOptions | null;
  /** The file name that the person sees. */
  readonly name: string;
  /** Its name in the transfer folder; null once it is gone from there. */
  readonly file: string | null;
  /** Null until the file has been checked. */
  readonly checked: CheckedBackup | null;
  /** How often the browser interrupted it. */
  readonly cutOff: number;
  readonly state: BackupState;
}

/** Includes what pages do not see. */
export interface StoredBackupJob extends BackupJob {
  readonly key: BackupKey | null;
}

export const backupEvery = ['day', 'week', 'month', 'messages'] as const;
export type BackupEvery = (typeof backupEvery)[number];
export const mostKept = 50;
export const usualKept = 5;

export const backupPlanSchema = v.strictObject({
  every: v.picklist(backupEvery),
  /** For `messages`: how many new ones are due a backup. */
  messages: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000)),
  /** How many files to keep; older scheduled backups are deleted. */
  keep: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostKept)),
  options: historyOptionsSchema,
});
export type BackupPlan = v.InferOutput<typeof backupPlanSchema>;

/** A scheduled backup in the downloads folder. */
export interface SavedBackup {
  readonly downloadId: number;
  /** Identifies the file: Firefox forgets download ids when it closes. */
  readonly path: string;
  readonly name: string;
  readonly at: Milliseconds;
  readonly bytes: number;
}

export interface BackupSchedule {
  /** Null while it is off. */
  readonly plan: BackupPlan | null;
  readonly since: Milliseconds;
  readonly lastAt: Milliseconds | null;
  /** Since the last backup. */
  readonly newMessages: number;
  /** The latest failure, the number of failures in a row, and when the next try is due. */
  readonly problem: ErrorRecord | null;
  readonly failures: number;
  readonly retryAt: Milliseconds;
  /** Newest first. */
  readonly files: readonly SavedBackup[];
  /** Paths of files that could not be deleted because the browser no longer knows their download. */
  readonly left: readonly string[];
}

export interface StoredBackupSchedule extends BackupSchedule {
  readonly key: BackupKey | null;
}
