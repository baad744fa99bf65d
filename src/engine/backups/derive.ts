/** Derives the secret that opens a file from what a person knows. */
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { scryptCost, type Kdf } from '../../shared/backup-file.ts';
import { readBackupKey } from '../../shared/backup-key.ts';
import type { BackupKey, BackupSecret } from '../../shared/backup.ts';

/** What scrypt needs, plus 1 MB for what the library counts on top. Bytes. */
const memoryFor = (logN: number, r: number) => 2 ** logN * r * 128 + 2 ** 20;
const secretLength = 32;

/** For a new file, with a fresh salt. Throws bad_backup_key. */
export function newKey(secret: BackupSecret): Promise<BackupKey> {
  const kdf: Kdf =
    secret.kind === 'key'
      ? { name: 'none' }
      : { name: 'scrypt', ...scryptCost, salt: crypto.getRandomValues(new Uint8Array(16)) };
  return keyFor(secret.text, kdf);
}

/** For an existing file, whose header says how to derive its key. Throws bad_backup_key. */
export async function keyFor(text: string, kdf: Kdf): Promise<BackupKey> {
  if (kdf.name === 'none') return { kdf, secret: await readBackupKey(text) };
  const { logN, r, p, salt } = kdf;
  // Keyboards encode the same letter in different ways.
  const passphrase = new TextEncoder().encode(text.normalize('NFKC'));
  const cost = { N: 2 ** logN, r, p, dkLen: secretLength, maxmem: memoryFor(logN, r) };
  // The ticks let the worker answer other calls meanwhile.
  const secret = await scryptAsync(passphrase, salt, { ...cost, asyncTick: 50 });
  return { kdf, secret: new Uint8Array(secret) };
}
