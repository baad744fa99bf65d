/**
 * A backup's file: libxmtp's archive behind a header of our own. The header tells a wrong passphrase, a
 * damaged file and a foreign file apart before libxmtp reads any of it. libxmtp imports half of a damaged
 * archive before it notices, and waits forever for the rest of a truncated one.
 *
 *     magic (8) · version (2) · header length (2) · header · SHA-256 of everything before (32)
 *     · encrypted metadata · archive · HMAC-SHA-256 of everything before (32)
 *
 * The header is JSON that anybody can read: key derivation, lengths, and when the file was made, which its
 * name and date reveal anyway. The encrypted metadata says whose inbox it is and what the archive holds.
 */
import * as v from 'valibot';
import { LockstepError } from './errors.ts';
import { fromHex, toHex } from './hex.ts';

/** Like PNG's: transfers in text mode or with seven bits corrupt these bytes first. */
const magic = Uint8Array.of(0x89, 0x4c, 0x53, 0x42, 0x4b, 0x0d, 0x0a, 0x1a);
export const backupVersion = 1;
const prefixLength = magic.length + 4;
const digestLength = 32;
const maxJsonBytes = 4096;
/** This many bytes from a file's start are enough for `parseHeader`. */
export const maxHeaderBytes = prefixLength + maxJsonBytes + digestLength;
export const backupEnding = '.lockstep';

const hexOf = (bytes: number) =>
  v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)), v.transform(fromHex));
const length = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 40));

/**
 * scrypt's cost as OWASP recommends it (N = 2^17, r = 8, p = 1: 128 MB); 1.2 to 1.6 s on a busy machine.
 * The schema's bounds leave room for stronger files and keep a hostile one below 512 MB and half a minute.
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

/** `none`: the key is generated and needs no hardening. */
export const kdfSchema = v.variant('name', [
  scryptSchema,
  v.strictObject({ name: v.literal('none') }),
]);
export type Kdf = v.InferOutput<typeof kdfSchema>;

const headerSchema = v.pipe(
  v.strictObject({
    kdf: kdfSchema,
    /** Gives each file keys of its own, even when files share a passphrase and its salt. */
    salt: hexOf(32),
    /** Tells a wrong passphrase from damage. Derived like the keys, so it reveals nothing about them. */
    check: hexOf(16),
    madeAt: v.number(),
    facts: length,
    archive: length,
  }),
  // What the file format calls facts is the metadata.
  v.transform(({ facts, archive, ...rest }) => ({
    ...rest,
    metadataBytes: facts,
    archiveBytes: archive,
  })),
);
export type BackupHeader = v.InferOutput<typeof headerSchema>;

export interface ParsedHeader {
  readonly header: BackupHeader;
  /** Where the header ends, digest included, and the encrypted metadata starts. Bytes. */
  readonly end: number;
  /** The length of an undamaged file. Bytes. */
  readonly total: number;
}

/** A file's bytes from its magic up to its encrypted metadata. */
export async function formatHeader(header: BackupHeader): Promise<Uint8Array<ArrayBuffer>> {
  const { kdf, salt, check, madeAt, metadataBytes, archiveBytes } = header;
  const json = new TextEncoder().encode(
    JSON.stringify({
      madeAt,
      facts: metadataBytes,
      archive: archiveBytes,
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
 * Parses a file's header.
 * @param bytes the file's first bytes; `maxHeaderBytes` are enough.
 * @param size of the whole file, in bytes.
 * Throws backup_empty, backup_foreign, backup_version, backup_cut_off, backup_damaged.
 */
export async function parseHeader(
  bytes: Uint8Array<ArrayBuffer>,
  size: number,
): Promise<ParsedHeader> {
  if (size === 0) throw new LockstepError('backup_empty');
  const shared = Math.min(magic.length, bytes.length);
  if (!startsWith(bytes, magic.subarray(0, shared))) throw new LockstepError('backup_foreign');
  if (bytes.length < prefixLength) throw new LockstepError('backup_cut_off');
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const version = view.getUint16(magic.length);
  if (version !== backupVersion) {
    throw new LockstepError('backup_version', { detail: `version ${version}` });
  }
  const headerEnd = prefixLength + view.getUint16(magic.length + 2);
  const end = headerEnd + digestLength;
  if (headerEnd > prefixLength + maxJsonBytes) {
    throw new LockstepError('backup_damaged', { detail: 'the header is too long' });
  }
  if (bytes.length < end) throw new LockstepError('backup_cut_off');
  if (!startsWith(bytes.subarray(headerEnd), await digest(bytes.subarray(0, headerEnd)))) {
    throw new LockstepError('backup_damaged', { detail: 'the header does not match its digest' });
  }
  const header = v.safeParse(headerSchema, parseJson(bytes.subarray(prefixLength, headerEnd)));
  if (!header.success) {
    throw new LockstepError('backup_damaged', { detail: 'the header is malformed' });
  }
  const { metadataBytes, archiveBytes } = header.output;
  const total = end + metadataBytes + archiveBytes + digestLength;
  if (size < total) {
    throw new LockstepError('backup_cut_off', { detail: `${size} of ${total} bytes` });
  }
  if (size > total) {
    throw new LockstepError('backup_damaged', { detail: `${size - total} bytes too many` });
  }
  return { header: header.output, end, total };
}

export interface BackupParts {
  readonly header: BackupHeader;
  readonly metadata: Uint8Array<ArrayBuffer>;
  readonly archive: Uint8Array<ArrayBuffer>;
  /** What the authentication code covers. */
  readonly authenticated: Uint8Array<ArrayBuffer>;
  readonly code: Uint8Array<ArrayBuffer>;
}

/** Parses a whole file and authenticates nothing. Throws as `parseHeader`. */
export async function parseBackup(bytes: Uint8Array<ArrayBuffer>): Promise<BackupParts> {
  const { header, end, total } = await parseHeader(bytes.subarray(0, maxHeaderBytes), bytes.length);
  return {
    header,
    metadata: bytes.subarray(end, end + header.metadataBytes),
    archive: bytes.subarray(end + header.metadataBytes, total - digestLength),
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
