/**
 * Translates errors of libxmtp, its network and its storage into codes, here and nowhere else. Evidence from
 * the traffic comes first, because libxmtp's texts for network failures say little.
 */
import { LockstepError, type ErrorCode } from '../shared/errors.ts';
import type { CallFailure, Evidence } from './traffic/evidence.ts';

/** What libxmtp 1.11 writes and what it means; the first match counts. */
const meanings: readonly (readonly [RegExp, ErrorCode])[] = [
  [/unreachable|memory access out of bounds|recursive use of an object/i, 'engine_crashed'],
  [/could not find payload/i, 'archive_missing'],
  [/failed to (load|import) archive|aes-gcm|zstd|missing metadata/i, 'archive_damaged'],
  [/groupinactive|group is inactive|not active|inactive/i, 'conversation_inactive'],
  [/(group|conversation) .*not found|record not found|notfound/i, 'conversation_unknown'],
  [/too many installations|cannot register a new installation/i, 'installation_limit'],
  [/installation.*revoked/i, 'installation_revoked'],
  [/unknown signer/i, 'signature_wrong'],
  [/signature.*(invalid|mismatch|not match)|invalid signature/i, 'signature_rejected'],
  [/already has 256 updates|inbox log/i, 'identity_update_limit'],
  [/inbox ?id.*mismatch|mismatch.*inbox ?id/i, 'inbox_mismatch'],
  [/malformed|not a database|database disk image/i, 'database_damaged'],
  [/creating sync access handle|nomodificationallowed|access handles cannot/i, 'database_locked'],
  [/quotaexceeded|disk is full|database or disk is full/i, 'storage_full'],
  [/payload.*too large|message too large|longer than \d+ bytes/i, 'message_too_large'],
  [/sql|diesel|storage error/i, 'database_damaged'],
];

/** A failed call as an exception. */
export function networkError({ code, detail, retryAfter }: CallFailure): LockstepError {
  return new LockstepError(code, { detail, ...(retryAfter === null ? {} : { retryAfter }) });
}

/** Anything that an operation throws, as one of our errors. */
export function translateError(thrown: unknown, evidence: Evidence | null): LockstepError {
  if (thrown instanceof LockstepError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof WebAssembly.RuntimeError) {
    return new LockstepError('engine_crashed', { detail: text, cause: thrown });
  }
  const failure = evidence?.failures()[0]?.failure;
  if (failure !== undefined && looksLikeNetwork(text, evidence)) return networkError(failure);
  const meaning = meanings.find(([pattern]) => pattern.test(text));
  return new LockstepError(meaning?.[1] ?? 'unexpected', { detail: text, cause: thrown });
}

function looksLikeNetwork(text: string, evidence: Evidence | null): boolean {
  return (
    evidence?.nothingWorked === true ||
    /api client|api error|network|fetch|grpc|endpoint|content-type|status|timed? ?out/i.test(text)
  );
}
