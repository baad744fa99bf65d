/**
 * What pages can ask of the background: declared once, input beside output. Every other type about
 * commands is derived from this table. Commands that start work answer as soon as it is journaled;
 * its progress is read from the store, so closing the popup loses nothing.
 */
import * as v from 'valibot';
import {
  backupFileSchema,
  backupPlanSchema,
  backupSecretSchema,
  newBackupSecretSchema,
  type CheckedBackup,
} from './backup.ts';
import { encryptedKeySchema } from './encrypted-key.ts';
import { consentStateSchema } from './consent.ts';
import type { DatabaseStats, IntegrityReport } from './database.ts';
import { pinSchema } from './archive.ts';
import { historyOptionsSchema, longestPatience, shortestPatience } from './history.ts';
import {
  conversationIdSchema,
  historyRequestIdSchema,
  outboxIdSchema,
  type AccountId,
  type ConversationId,
  type HistoryRequestId,
  type OutboxId,
  type RunId,
} from './ids.ts';
import { hostSchema, networkChoiceSchema } from './network-choice.ts';
import { syncScopeSchema } from './run.ts';
import { settingsPatchSchema, type Settings } from './settings.ts';
import type { FoundWallets } from './wallet-link.ts';
import { longestText } from './outbox.ts';

interface Command<Input extends v.GenericSchema, Output> {
  readonly input: Input;
  /** Only a type: the background is ours, so its answers are not validated again. */
  readonly output?: Output;
}

function command<Output>() {
  return <Input extends v.GenericSchema>(input: Input): Command<Input, Output> => ({ input });
}

const nothing = v.strictObject({});

/** 32 bytes as hex, with or without `0x`. Range is checked where the key is used. */
const privateKeySchema = v.pipe(v.string(), v.trim(), v.regex(/^(?:0x)?[0-9a-fA-F]{64}$/));

export const commands = {
  /**
   * Wakes the background, which then takes up what an earlier life of it left unfinished. Pages send it
   * once they have drawn what the store says.
   */
  wake: command<null>()(nothing),
  /**
   * Makes a local account and starts its registration. The key is used for that and forgotten, but for
   * `keep`, which is the same key encrypted. Errors: account_exists, bad_private_key.
   */
  createAccount: command<{ readonly accountId: AccountId }>()(
    v.strictObject({
      network: networkChoiceSchema,
      privateKey: privateKeySchema,
      keep: v.nullable(encryptedKeySchema),
    }),
  ),
  /**
   * Signs what waits with a local account's key, which is forgotten at once. Errors: bad_private_key,
   * wrong_signer, interrupted (it is not waited for any more).
   */
  signWithKey: command<null>()(
    v.strictObject({ requestId: v.string(), privateKey: privateKeySchema }),
  ),
  /** Prepares the set-up with a wallet in a web page. Errors: account_exists. */
  inviteWallet: command<null>()(v.strictObject({ network: networkChoiceSchema })),
  /** Gives up what a wallet is asked for. */
  cancelWallet: command<null>()(nothing),
  /** Looks for wallets in the tab in front, over which the popup is. Errors: page_unreachable. */
  findWallets: command<FoundWallets>()(nothing),
  /** Asks one of them for its account. Answers once it is recorded. Errors: wallet_gone, interrupted. */
  connectWallet: command<null>()(v.strictObject({ sessionId: v.string(), walletId: v.string() })),
  /** Asks the connected wallet to sign what waits. Errors: wallet_gone, interrupted. */
  signWithWallet: command<null>()(v.strictObject({ requestId: v.string() })),
  /** Takes up a registration that stopped with an error. Errors: no_account. */
  retryRegistration: command<null>()(nothing),
  /** Forgets an account whose registration has not finished, to start over. Errors: no_account. */
  discardRegistration: command<null>()(nothing),
  /** Starts a sync run, or joins one that covers it. Answers once the run is journaled. */
  sync: command<{ readonly runId: RunId }>()(v.strictObject({ scope: syncScopeSchema })),
  /** Accepts or denies. Takes effect in the store at once and on the network at the next contact. */
  setConsent: command<null>()(
    v.strictObject({ conversationId: conversationIdSchema, consent: consentStateSchema }),
  ),
  /** Keeps a conversation at the top, or no longer. Errors: conversation_unknown, too_many_pins. */
  setPinned: command<null>()(
    v.strictObject({ conversationId: conversationIdSchema, pinned: v.boolean() }),
  ),
  /**
   * Starts a one-to-one conversation anew that came with history and cannot be written to. Answers as which
   * one it is stored from then on; repeating it makes no second one. Errors: conversation_inactive (a group).
   */
  restartDm: command<{ readonly conversationId: ConversationId }>()(
    v.strictObject({ conversationId: conversationIdSchema }),
  ),
  /** Journals a text message and sends it. Errors: message_empty, message_too_large. */
  sendText: command<{ readonly outboxId: OutboxId }>()(
    v.strictObject({
      conversationId: conversationIdSchema,
      text: v.pipe(v.string(), v.maxLength(longestText)),
    }),
  ),
  /** Tries a failed message again. */
  retrySend: command<null>()(v.strictObject({ outboxId: outboxIdSchema })),
  /** Gives up a failed message; it is deleted here and was never sent. */
  discardSend: command<null>()(v.strictObject({ outboxId: outboxIdSchema })),
  /** Moves the read position forward, never back. Milliseconds since 1970. */
  markRead: command<null>()(
    v.strictObject({ conversationId: conversationIdSchema, until: v.number() }),
  ),
  /**
   * Asks the person's other installations for history. Answers once the request is journaled; it ends
   * by itself after `patience` hours.
   */
  requestHistory: command<{ readonly requestId: HistoryRequestId }>()(
    v.strictObject({
      options: historyOptionsSchema,
      serverUrl: v.nullable(hostSchema),
      patience: v.pipe(v.number(), v.minValue(shortestPatience), v.maxValue(longestPatience)),
    }),
  ),
  /** Ends a request for history. What is being imported is imported all the same. */
  cancelHistory: command<null>()(v.strictObject({ requestId: historyRequestIdSchema })),
  /** Sends a request again now, instead of when its time comes. */
  retryHistory: command<null>()(v.strictObject({ requestId: historyRequestIdSchema })),
  /** Looks which archives the sync groups offer; the store has them afterwards. */
  findArchives: command<null>()(nothing),
  /** Sends an archive to the inbox's other installations, under a pin. Answers once it is journaled. */
  sendArchive: command<{ readonly transferId: string }>()(
    v.strictObject({ options: historyOptionsSchema, pin: pinSchema }),
  ),
  /** Imports an archive by its pin; null takes the newest. Answers once it is journaled. */
  fetchArchive: command<{ readonly transferId: string }>()(
    v.strictObject({ pin: v.nullable(pinSchema) }),
  ),
  /**
   * Makes a backup; a page saves it once it is made and checked. Answers once it is journaled. Errors:
   * bad_backup_key.
   */
  makeBackup: command<{ readonly backupId: string }>()(
    v.strictObject({ options: historyOptionsSchema, secret: newBackupSecretSchema }),
  ),
  /** Deletes our copy of a backup that was made. */
  forgetBackup: command<null>()(v.strictObject({ backupId: v.pipe(v.string(), v.uuid()) })),
  /**
   * Reads all of a file that the page has left in the transfer folder, and changes nothing. Errors:
   * wrong_passphrase, wrong_backup_key, bad_backup_key, and those of files (backup_damaged, …).
   */
  inspectBackup: command<CheckedBackup>()(
    v.strictObject({ file: backupFileSchema, secret: backupSecretSchema }),
  ),
  /** Imports such a file. Answers once it is journaled. Errors: bad_backup_key, and those of files. */
  importBackup: command<{ readonly backupId: string }>()(
    v.strictObject({
      file: backupFileSchema,
      name: v.pipe(v.string(), v.maxLength(300)),
      secret: backupSecretSchema,
    }),
  ),
  /**
   * Switches backups by themselves on or changes them; without a secret the passphrase stays. The first
   * one is made at once. Errors: downloads_not_allowed, bad_input.
   */
  setBackupSchedule: command<null>()(
    v.strictObject({ plan: backupPlanSchema, secret: v.nullable(newBackupSecretSchema) }),
  ),
  /** Switches them off. Files that were made stay. */
  stopBackupSchedule: command<null>()(nothing),
  /** Makes one of them now. */
  runBackupSchedule: command<null>()(nothing),
  /** Closes libxmtp's database and keeps it closed until something needs it. */
  dropDatabase: command<null>()(nothing),
  reconnectDatabase: command<null>()(nothing),
  /** Sizes of libxmtp's files. */
  databaseFacts: command<DatabaseStats>()(nothing),
  /** Has SQLite read every page. This and the next three close the database; whoever needs it waits. Errors: database_lost. */
  checkDatabase: command<IntegrityReport>()(nothing),
  /** Leaves a copy in the transfer folder (shared/database.ts). Errors: database_lost. */
  exportDatabase: command<{ readonly bytes: number }>()(nothing),
  /** Takes a copy from the transfer folder. Errors: bad_backup, inbox_mismatch. */
  restoreDatabase: command<null>()(nothing),
  /** Gives the database up and registers another installation of the same inbox. */
  startOver: command<null>()(nothing),
  /** Empties the store and fills it again from libxmtp. Answers once that is recorded. */
  rebuildStore: command<null>()(nothing),
  updateSettings: command<Settings>()(v.strictObject({ patch: settingsPatchSchema })),
} satisfies Record<string, Command<v.GenericSchema, unknown>>;

export type CommandName = keyof typeof commands;

/** What a caller passes: before the schema's transforms. */
export type CommandArguments<Name extends CommandName> = v.InferInput<
  (typeof commands)[Name]['input']
>;
/** What a handler receives: validated and branded. */
export type CommandInput<Name extends CommandName> = v.InferOutput<
  (typeof commands)[Name]['input']
>;
export type CommandOutput<Name extends CommandName> =
  NonNullable<(typeof commands)[Name]['output']> extends infer Output
    ? [Output] extends [never]
      ? null
      : Output
    : never;

/** The envelope in which a command travels through `runtime.sendMessage`. */
export const commandMessageSchema = v.strictObject({
  lockstep: v.literal('command'),
  name: v.picklist(Object.keys(commands) as [CommandName, ...CommandName[]]),
  input: v.unknown(),
});
