/**
 * Branded identifiers. A value gets its brand once, where it enters (validated by a schema or made
 * here); inside, the compiler keeps an inbox id from being passed where a conversation id belongs.
 */
import * as v from 'valibot';

declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** 64 lower-case hex digits; the same person on every installation. */
export type InboxId = Branded<string, 'InboxId'>;
/** 64 lower-case hex digits: the Ed25519 key of one device's installation. */
export type InstallationId = Branded<string, 'InstallationId'>;
/** 32 lower-case hex digits: the MLS group id, for groups and one-to-one conversations alike. */
export type ConversationId = Branded<string, 'ConversationId'>;
/** 64 lower-case hex digits, the same on every installation of every member. */
export type MessageId = Branded<string, 'MessageId'>;
/** `0x` and 40 lower-case hex digits. */
export type Address = Branded<string, 'Address'>;

/** Ids of our own records: UUIDs made by `crypto.randomUUID()`. */
export type AccountId = Branded<string, 'AccountId'>;
export type RunId = Branded<string, 'RunId'>;
export type HistoryRequestId = Branded<string, 'HistoryRequestId'>;
export type OutboxId = Branded<string, 'OutboxId'>;

/**
 * Milliseconds since 1970. Times from the network are kept with their fraction (about 0.25 µs of
 * precision today), so that messages sort as they do by libxmtp's nanoseconds.
 */
export type Milliseconds = number;

const hex = (digits: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${digits}}$`)));

export const inboxIdSchema = v.pipe(
  hex(64),
  v.transform((value) => value as InboxId),
);
export const installationIdSchema = v.pipe(
  hex(64),
  v.transform((value) => value as InstallationId),
);
/** Group ids are 16 bytes today; libxmtp treats them as opaque, so longer ones are let through. */
export const conversationIdSchema = v.pipe(
  v.string(),
  v.regex(/^(?:[0-9a-f]{2}){1,64}$/),
  v.transform((value) => value as ConversationId),
);
export const messageIdSchema = v.pipe(
  hex(64),
  v.transform((value) => value as MessageId),
);
export const addressSchema = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-fA-F]{40}$/),
  v.transform((value) => value.toLowerCase() as Address),
);

const ownIdSchema = <Id extends string>() =>
  v.pipe(
    v.string(),
    v.uuid(),
    v.transform((value) => value as Id),
  );
export const accountIdSchema = ownIdSchema<AccountId>();
export const runIdSchema = ownIdSchema<RunId>();
export const historyRequestIdSchema = ownIdSchema<HistoryRequestId>();
export const outboxIdSchema = ownIdSchema<OutboxId>();

/** A fresh id for a record of ours. The caller's type says which kind. */
export function newId<Id extends AccountId | RunId | HistoryRequestId | OutboxId>(): Id {
  return crypto.randomUUID() as Id;
}
