/**
 * Every failure that a person can meet, by code. What each means in words and what to do next stands
 * in `_locales` under `error_<code>` and `error_<code>_next`; a unit test holds the two together.
 */
import * as v from 'valibot';

export const errorCodes = [
  // the network
  'network_unreachable',
  'network_refused',
  'network_timeout',
  'network_rate_limited',
  'network_failed',
  'history_server_failed',
  'host_not_configured',
  // the engine and its database
  'engine_crashed',
  'engine_timeout',
  'database_locked',
  'database_lost',
  'database_damaged',
  'database_write_failed',
  'database_released',
  'bad_backup',
  'storage_full',
  'storage_unavailable',
  // accounts and installations
  'no_account',
  'account_exists',
  'inbox_mismatch',
  'installation_revoked',
  'installation_limit',
  'identity_update_limit',
  'signature_rejected',
  // signing
  'page_unreachable',
  'wallet_declined',
  'wallet_busy',
  'wallet_failed',
  'wallet_silent',
  'wallet_gone',
  'wallet_other_account',
  'wallet_other_chain',
  'signature_wrong',
  'signature_timeout',
  'contract_signature_refused',
  'wrong_signer',
  'bad_private_key',
  'wrong_key_passphrase',
  'bad_keystore',
  'wrong_keystore_password',
  'bad_host',
  // conversations
  'conversation_unknown',
  'conversation_inactive',
  'too_many_pins',
  'message_empty',
  'message_too_large',
  'message_not_sent',
  // history and backups
  'archive_missing',
  'archive_damaged',
  'backup_empty',
  'backup_foreign',
  'backup_version',
  'backup_cut_off',
  'backup_damaged',
  'backup_gone',
  'backup_of_other_inbox',
  'wrong_passphrase',
  'wrong_backup_key',
  'bad_backup_key',
  'downloads_not_allowed',
  'download_cancelled',
  'download_failed',
  // the rest
  'interrupted',
  'bad_input',
  'unexpected',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** A failure as it is stored, sent between contexts and shown. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  /** The original message, for the details fold and bug reports; never the only thing shown. */
  readonly detail: string | null;
  /** How long the network asked us to wait, in milliseconds; null when it did not say. */
  readonly retryAfter: number | null;
}

export const errorRecordSchema: v.GenericSchema<unknown, ErrorRecord> = v.object({
  code: v.picklist(errorCodes),
  detail: v.nullable(v.string()),
  retryAfter: v.nullable(v.number()),
});

/** The one exception type that crosses our own boundaries. */
export class LockstepError extends Error {
  override readonly name = 'LockstepError';
  readonly code: ErrorCode;
  readonly retryAfter: number | null;

  constructor(
    code: ErrorCode,
    options: { detail?: string; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(options.detail ?? code, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.retryAfter = options.retryAfter ?? null;
  }
}

/** Any thrown value as a record. What is not ours becomes `unexpected` with its text kept. */
export function toErrorRecord(thrown: unknown): ErrorRecord {
  if (thrown instanceof LockstepError) {
    const detail = thrown.message === thrown.code ? null : thrown.message;
    return { code: thrown.code, detail, retryAfter: thrown.retryAfter };
  }
  const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return { code: 'unexpected', detail, retryAfter: null };
}

/** The exception that a record came from, to throw it again on this side of a boundary. */
export function fromErrorRecord(record: ErrorRecord): LockstepError {
  return new LockstepError(record.code, {
    ...(record.detail === null ? {} : { detail: record.detail }),
    ...(record.retryAfter === null ? {} : { retryAfter: record.retryAfter }),
  });
}

/** A failed raw write, read or flush of libxmtp's files as an exception. */
export function storageError(detail: string): LockstepError {
  const full = /quota|no space|disk is full/i.test(detail);
  return new LockstepError(full ? 'storage_full' : 'database_write_failed', { detail });
}
