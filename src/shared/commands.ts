/**
 * What pages can ask of the background: declared once, input beside output. Every other type about
 * commands is derived from this table. Commands that start work answer as soon as it is journaled;
 * its progress is read from the store, so closing the popup loses nothing.
 */
import * as v from 'valibot';
import { consentStateSchema } from './consent.ts';
import { historyOptionsSchema } from './history.ts';
import {
  conversationIdSchema,
  outboxIdSchema,
  type AccountId,
  type HistoryRequestId,
  type OutboxId,
  type RunId,
} from './ids.ts';
import { networkChoiceSchema } from './network-choice.ts';
import { syncScopeSchema } from './run.ts';
import { settingsPatchSchema, type Settings } from './settings.ts';
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
   * Makes a local account and starts its registration. With `privateKey`, an existing Ethereum key is
   * used (another installation of the same inbox). Errors: account_exists, bad_private_key.
   */
  createAccount: command<{ readonly accountId: AccountId }>()(
    v.strictObject({
      network: networkChoiceSchema,
      privateKey: v.nullable(privateKeySchema),
    }),
  ),
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
  /** Asks the person's other installations for history. Answers once the request is journaled. */
  requestHistory: command<{ readonly requestId: HistoryRequestId }>()(
    v.strictObject({ options: historyOptionsSchema }),
  ),
  /** Closes libxmtp's database and keeps it closed until something needs it. */
  dropDatabase: command<null>()(nothing),
  reconnectDatabase: command<null>()(nothing),
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
