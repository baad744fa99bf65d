/** Putting a backup's file together, and opening it. Guarantee: what `openBackup` answers is what was sealed. */
import * as v from 'valibot';
import { takeApart, writeBeginning } from '../../shared/backup-file.ts';
import { backupMetadataSchema, type BackupMetadata, type BackupKey } from '../../shared/backup.ts';
import { LockstepError } from '../../shared/errors.ts';
import type { Milliseconds } from '../../shared/ids.ts';

/** The keys of one file, each for one use (HKDF's `info` keeps them apart). */
export interface FileKeys {
  /** libxmtp's archive is encrypted with this one. */
  readonly archive: Uint8Array<ArrayBuffer>;
  readonly facts: Uint8Array<ArrayBuffer>;
  readonly code: Uint8Array<ArrayBuffer>;
  readonly check: Uint8Array<ArrayBuffer>;
}

/** @param salt of this file alone. */
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
    facts: await derive('facts', 32),
    code: await derive('code', 32),
    check: await derive('check', 16),
  };
}

export interface Contents {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly madeAt: Milliseconds;
  readonly facts: BackupMetadata;
  readonly archive: Uint8Array<ArrayBuffer>;
}

/** Pieces of the file, in order. */
export async function sealBackup(
  key: BackupKey,
  { salt, madeAt, facts, archive }: Contents,
): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const keys = await fileKeys(key, salt);
  const sealed = await sealFacts(keys.facts, facts);
  const beginning = await writeBeginning({
    kdf: key.kdf,
    salt,
    check: keys.check,
    madeAt,
    facts: sealed.length,
    archive: archive.length,
  });
  const all = new Uint8Array(beginning.length + sealed.length + archive.length);
  all.set(beginning);
  all.set(sealed, beginning.length);
  all.set(archive, beginning.length + sealed.length);
  const code = await crypto.subtle.sign('HMAC', await codeKey(keys), all);
  return [all, new Uint8Array(code)];
}

export interface OpenedBackup {
  readonly madeAt: Milliseconds;
  readonly facts: BackupMetadata;
  readonly archive: Uint8Array<ArrayBuffer>;
  readonly archiveKey: Uint8Array<ArrayBuffer>;
}

/**
 * Opens a file whole or not at all. Throws wrong_passphrase, wrong_backup_key, backup_damaged and what
 * reading its beginning throws.
 */
export async function openBackup(
  bytes: Uint8Array<ArrayBuffer>,
  key: BackupKey,
): Promise<OpenedBackup> {
  const { head, facts, archive, authenticated, code } = await takeApart(bytes);
  const keys = await fileKeys(key, head.salt);
  if (!keys.check.every((byte, index) => head.check[index] === byte)) {
    throw new LockstepError(key.kdf.name === 'none' ? 'wrong_backup_key' : 'wrong_passphrase');
  }
  if (!(await crypto.subtle.verify('HMAC', await codeKey(keys), code, authenticated))) {
    throw new LockstepError('backup_damaged', { detail: 'it is not what was written' });
  }
  return {
    madeAt: head.madeAt,
    facts: await openFacts(keys.facts, facts),
    archive,
    archiveKey: keys.archive,
  };
}

function codeKey({ code }: FileKeys): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', code, algorithm, false, ['sign', 'verify']);
}

/** The key is of this file alone and used once, so the nonce may be zero. */
const nonce = new Uint8Array(12);

async function factsKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

async function sealFacts(
  key: Uint8Array<ArrayBuffer>,
  facts: BackupMetadata,
): Promise<Uint8Array<ArrayBuffer>> {
  const text = new TextEncoder().encode(JSON.stringify(facts));
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce },
    await factsKey(key),
    text,
  );
  return new Uint8Array(sealed);
}

async function openFacts(
  key: Uint8Array<ArrayBuffer>,
  sealed: Uint8Array<ArrayBuffer>,
): Promise<BackupMetadata> {
  const text = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: nonce },
    await factsKey(key),
    sealed,
  );
  return v.parse(backupMetadataSchema, JSON.parse(new TextDecoder().decode(text)));
}
