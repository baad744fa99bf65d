/** Sealing and opening a backup's file. Guarantee: what `openBackup` returns is what was sealed. */
import * as v from 'valibot';
import { parseBackup, formatHeader } from '../../shared/backup-file.ts';
import { backupMetadataSchema, type BackupMetadata, type BackupKey } from '../../shared/backup.ts';
import { LockstepError } from '../../shared/errors.ts';
import type { Milliseconds } from '../../shared/ids.ts';

/** One file's keys, each for one use. HKDF's `info` separates them, so its values are part of the format. */
export interface FileKeys {
  /** libxmtp encrypts the archive with this one. */
  readonly archive: Uint8Array<ArrayBuffer>;
  readonly metadata: Uint8Array<ArrayBuffer>;
  readonly code: Uint8Array<ArrayBuffer>;
  readonly check: Uint8Array<ArrayBuffer>;
}

/** @param salt unique to the file. */
export async function fileKeys(
  { secret }: BackupKey,
  salt: Uint8Array<ArrayBuffer>,
): Promise<FileKeys> {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const derive = async (use: string, bytes: number) => {
    const info = new TextEncoder().encode(`lockstep backup 1 ${use}`);
    const derivation = { name: 'HKDF', hash: 'SHA-256', salt, info };
    return new Uint8Array(await crypto.subtle.deriveBits(derivation, base, bytes * 8));
  };
  return {
    archive: await derive('archive', 32),
    metadata: await derive('facts', 32),
    code: await derive('code', 32),
    check: await derive('check', 16),
  };
}

export interface Contents {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly madeAt: Milliseconds;
  readonly metadata: BackupMetadata;
  readonly archive: Uint8Array<ArrayBuffer>;
}

/** Returns the file's pieces, in order. */
export async function sealBackup(
  key: BackupKey,
  { salt, madeAt, metadata, archive }: Contents,
): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const keys = await fileKeys(key, salt);
  const sealed = await sealMetadata(keys.metadata, metadata);
  const header = await formatHeader({
    kdf: key.kdf,
    salt,
    check: keys.check,
    madeAt,
    metadataBytes: sealed.length,
    archiveBytes: archive.length,
  });
  const all = new Uint8Array(header.length + sealed.length + archive.length);
  all.set(header);
  all.set(sealed, header.length);
  all.set(archive, header.length + sealed.length);
  const code = await crypto.subtle.sign('HMAC', await codeKey(keys), all);
  return [all, new Uint8Array(code)];
}

export interface OpenedBackup {
  readonly madeAt: Milliseconds;
  readonly metadata: BackupMetadata;
  readonly archive: Uint8Array<ArrayBuffer>;
  readonly archiveKey: Uint8Array<ArrayBuffer>;
}

/**
 * Opens a file in full or not at all. Throws wrong_passphrase, wrong_backup_key, backup_damaged, and as
 * `parseHeader`.
 */
export async function openBackup(
  bytes: Uint8Array<ArrayBuffer>,
  key: BackupKey,
): Promise<OpenedBackup> {
  const { header, metadata, archive, authenticated, code } = await parseBackup(bytes);
  const keys = await fileKeys(key, header.salt);
  if (!keys.check.every((byte, index) => header.check[index] === byte)) {
    throw new LockstepError(key.kdf.name === 'none' ? 'wrong_backup_key' : 'wrong_passphrase');
  }
  if (!(await crypto.subtle.verify('HMAC', await codeKey(keys), code, authenticated))) {
    throw new LockstepError('backup_damaged', { detail: 'the authentication code does not match' });
  }
  return {
    madeAt: header.madeAt,
    metadata: await openMetadata(keys.metadata, metadata),
    archive,
    archiveKey: keys.archive,
  };
}

function codeKey({ code }: FileKeys): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', code, algorithm, false, ['sign', 'verify']);
}

/** Zero is safe: each file has a key of its own, which encrypts once. */
const nonce = new Uint8Array(12);

async function metadataKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

async function sealMetadata(
  key: Uint8Array<ArrayBuffer>,
  metadata: BackupMetadata,
): Promise<Uint8Array<ArrayBuffer>> {
  const text = new TextEncoder().encode(JSON.stringify(metadata));
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce },
    await metadataKey(key),
    text,
  );
  return new Uint8Array(sealed);
}

async function openMetadata(
  key: Uint8Array<ArrayBuffer>,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<BackupMetadata> {
  const text = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: nonce },
    await metadataKey(key),
    sealed,
  );
  return v.parse(backupMetadataSchema, JSON.parse(new TextDecoder().decode(text)));
}
