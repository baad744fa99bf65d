/**
 * The file of a backup: libxmtp's archive with a head of ours, so that a wrong passphrase, a damaged file
 * and a foreign one are told apart before libxmtp sees any of it. That matters twice: of a damaged archive
 * libxmtp imports half before it notices, and of one that was cut off it waits for the rest for ever.
 *
 *     magic (8) · version (2) · length of the head (2) · head · SHA-256 of all before (32)
 *     · sealed facts · archive · HMAC-SHA-256 of all before (32)
 *
 * The head is JSON and readable by anybody: how the key is derived, lengths, when the file was made (which
 * its name and date say anyway). Whose inbox it is and what is in it stands in the sealed facts.
 */
import * as v from 'valibot';
import { LockstepError } from './errors.ts';
import { fromHex, toHex } from './hex.ts';

/** As PNG's: a transfer that treats the file as text, or cuts its eighth bit, spoils these first. */
const magic = Uint8Array.of(0x89, 0x4c, 0x53, 0x42, 0x4b, 0x0d, 0x0a, 0x1a);
export const backupVersion = 1;
const prefixLength = magic.length + 4;
const digestLength = 32;
const longestHead = 4096;
/** So much of a file tells what it is. */
export const longestBeginning = prefixLength + longestHead + digestLength;
export const backupEnding = '.lockstep';

const hexOf = (bytes: number) =>
  v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)), v.transform(fromHex));
const length = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 40));

/**
 * scrypt as OWASP recommends it (N = 2^17, r = 8, p = 1: 128 MB), 1.2 to 1.6 s on a busy machine.
 * The bounds leave room for stronger files to come, and keep a hostile one from taking more than 512 MB or
 * half a minute.
 */
export const scryptCost = { logN: 17, r: 8, p: 1 } as const;
const scryptSchema = v.pipe(
  v.strictObject({
    name: v.literal('scrypt'),
    logN: v.pipe(v.number(), v.integer(), v.minValue(14), v.maxValue(19)),
    r: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16)),
    p: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4)),
    salt: hexOf(16),
  }),
  v.check(({ logN, r, p }) => 2 ** logN * r * 128 <= 2 ** 29 && 2 ** logN * r * p <= 2 ** 23),
);

/** `none`: the key was generated, and needs no hardening. */
export const kdfSchema = v.variant('name', [
  scryptSchema,
  v.strictObject({ name: v.literal('none') }),
]);
export type Kdf = v.InferOutput<typeof kdfSchema>;

const headSchema = v.strictObject({
  kdf: kdfSchema,
  /** Makes the keys of this file its own, also where several files share a passphrase and its salt. */
  salt: hexOf(32),
  /** Tells a wrong passphrase from damage; from the same derivation as the keys, so it gives nothing away. */
  check: hexOf(16),
  madeAt: v.number(),
  facts: length,
  archive: length,
});
export type BackupHead = v.InferOutput<typeof headSchema>;

export interface ParsedBeginning {
  readonly head: BackupHead;
  /** How long the beginning is, its digest included: the sealed facts start there. */
  readonly end: number;
  /** How long the whole file has to be. */
  readonly total: number;
}

/** The beginning of a file: everything up to its sealed facts. */
export async function writeBeginning(head: BackupHead): Promise<Uint8Array<ArrayBuffer>> {
  const { kdf, salt, check, ...rest } = head;
  const json = new TextEncoder().encode(
    JSON.stringify({
      ...rest,
      kdf: kdf.name === 'scrypt' ? { ...kdf, salt: toHex(kdf.salt) } : kdf,
      salt: toHex(salt),
      check: toHex(check),
    }),
  );
  const bytes = new Uint8Array(prefixLength + json.length + digestLength);
  bytes.set(magic);
  const view = new DataView(bytes.buffer);
  view.setUint16(magic.length, backupVersion);
  view.setUint16(magic.length + 2, json.length);
  bytes.set(json, prefixLength);
  bytes.set(await digest(bytes.subarray(0, -digestLength)), bytes.length - digestLength);
  return bytes;
}

/**
 * Reads what a file is, from its beginning (`longestBeginning` bytes are enough) and its size. Throws
 * backup_empty, backup_foreign, backup_version, backup_cut_off, backup_damaged.
 */
export async function readBeginning(
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
): Promise<ParsedBeginning> {
  if (size === 0) throw new LockstepError('backup_empty');
  const shared = Math.min(magic.length, bytes.length);
  if (!startsWith(bytes, magic.subarray(0, shared))) throw new LockstepError('backup_foreign');
  if (bytes.length < prefixLength) throw new LockstepError('backup_cut_off');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const version = view.getUint16(magic.length);
  if (version !== backupVersion) {
    throw new LockstepError('backup_version', { detail: `version ${version}` });
  }
  const headEnd = prefixLength + view.getUint16(magic.length + 2);
  const end = headEnd + digestLength;
  if (headEnd > prefixLength + longestHead) {
    throw new LockstepError('backup_damaged', { detail: 'the head is too long' });
  }
  if (bytes.length < end) throw new LockstepError('backup_cut_off');
  if (!startsWith(bytes.subarray(headEnd), await digest(bytes.subarray(0, headEnd)))) {
    throw new LockstepError('backup_damaged', { detail: 'the head does not match its digest' });
  }
  const head = v.safeParse(headSchema, parseJson(bytes.subarray(prefixLength, headEnd)));
  if (!head.success) throw new LockstepError('backup_damaged', { detail: 'the head is not ours' });
  const total = end + head.output.facts + head.output.archive + digestLength;
  if (size < total) {
    throw new LockstepError('backup_cut_off', { detail: `${size} of ${total} bytes` });
  }
  if (size > total) {
    throw new LockstepError('backup_damaged', { detail: `${size - total} bytes too many` });
  }
  return { head: head.output, end, total };
}

export interface BackupParts {
  readonly head: BackupHead;
  readonly facts: Uint8Array<ArrayBuffer>;
  readonly archive: Uint8Array<ArrayBuffer>;
  /** All that the code at the end stands for, and the code. */
  readonly authenticated: Uint8Array<ArrayBuffer>;
  readonly code: Uint8Array<ArrayBuffer>;
}

/** Takes a whole file apart. Nothing of it is authenticated yet. Throws as `readBeginning`. */
export async function takeApart(bytes: Uint8Array<ArrayBuffer>): Promise<BackupParts> {
  const { head, end, total } = await readBeginning(
    bytes.subarray(0, longestBeginning),
    bytes.length,
  );
  return {
    head,
    facts: bytes.subarray(end, end + head.facts),
    archive: bytes.subarray(end + head.facts, total - digestLength),
    authenticated: bytes.subarray(0, total - digestLength),
    code: bytes.subarray(total - digestLength),
  };
}

async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function startsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
