/** Backups: what is in one, jobs that make and import them, and the schedule that makes them by itself. */
import * as v from 'valibot';
import type { Kdf } from './backup-file.ts';
import type { ErrorRecord } from './errors.ts';
import { historyElements, historyOptionsSchema, type HistoryOptions } from './history.ts';
import { inboxIdSchema, installationIdSchema, type AccountId, type Milliseconds } from './ids.ts';

/** What a file says of itself to whoever has its key. */
export const backupMetadataSchema = v.strictObject({
  inboxId: inboxIdSchema,
  installationId: installationIdSchema,
  elements: v.array(v.picklist(historyElements)),
  from: v.nullable(v.number()),
  until: v.nullable(v.number()),
  excludeDisappearing: v.boolean(),
});
export type BackupMetadata = v.InferOutput<typeof backupMetadataSchema>;

/** A file that has been read from its first byte to its last, and by libxmtp in a trial import. */
export interface CheckedBackup {
  readonly madeAt: Milliseconds;
  readonly bytes: number;
  readonly facts: BackupMetadata;
  readonly conversations: number;
  readonly messages: number;
}

/**
 * What opens a file, or several of the same passphrase. Never the passphrase, and not seen by pages. Kept
 * while a job works, so that the next life of the background can take it up, and for the schedule. That
 * gives nothing away here: libxmtp's database on this device is not encrypted and holds the same messages.
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
/** For a new file, where it has to be worth something. */
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
 * `made`: checked, and waits in the transfer folder to be saved by a page. `saved`: in the downloads
 * folder. `interrupted`: the browser stopped the background. A job of the schedule is then made anew; one of
 * the person's has been taken up several times before it ends like this.
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

/** A job. A record before it is work, and the history of what was made and imported afterwards. */
export interface BackupJob {
  readonly id: string;
  readonly accountId: AccountId;
  readonly at: Milliseconds;
  readonly kind: 'made' | 'scheduled' | 'imported';
  /** Null for imports. */
  readonly options: HistoryOptions | null;
  /** As the person sees it. */
  readonly name: string;
  /** Where it lies in the transfer folder; null once it is gone from there. */
  readonly file: string | null;
  /** Null until the file has been read back. */
  readonly checked: CheckedBackup | null;
  /** How often the browser cut it off. */
  readonly cutOff: number;
  readonly state: BackupState;
}

/** With what pages do not see. */
export interface StoredBackupJob extends BackupJob {
  readonly key: BackupKey | null;
}

export const backupEvery = ['day', 'week', 'month', 'messages'] as const;
export type BackupEvery = (typeof backupEvery)[number];
export const mostKept = 50;
export const usualKept = 5;

export const backupPlanSchema = v.strictObject({
  every: v.picklist(backupEvery),
  /** For `messages`: after so many new ones. */
  messages: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000)),
  /** How many files are kept; older ones of ours are deleted. */
  keep: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostKept)),
  options: historyOptionsSchema,
});
export type BackupPlan = v.InferOutput<typeof backupPlanSchema>;

/** A file in the downloads folder that the schedule made. */
export interface SavedBackup {
  readonly downloadId: number;
  /** Where it was saved. Ids of downloads do not outlive Firefox, so a file is found by its path. */
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
  /** Since the last one. */
  readonly newMessages: number;
  /** What went wrong last, how often in a row, and when it is tried again. */
  readonly problem: ErrorRecord | null;
  readonly failures: number;
  readonly retryAt: Milliseconds;
  /** Newest first. */
  readonly files: readonly SavedBackup[];
  /** Files that were to be deleted and could not be found any more by their download. */
  readonly left: readonly string[];
}

export interface StoredBackupSchedule extends BackupSchedule {
  readonly key: BackupKey | null;
}
