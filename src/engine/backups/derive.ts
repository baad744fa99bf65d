/** From what a person knows to the secret that opens a file. */
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { scryptCost, type Kdf } from '../../shared/backup-file.ts';
import { readBackupKey } from '../../shared/backup-key.ts';
import type { BackupKey, BackupSecret } from '../../shared/backup.ts';

/** A thousandth more than scrypt's own need, for what the library counts besides. */
const memoryFor = (logN: number, r: number) => 2 ** logN * r * 128 + 2 ** 20;
const secretLength = 32;

/** For a new file: with a salt of its own. Throws bad_backup_key. */
export function newKey(secret: BackupSecret): Promise<BackupKey> {
  const kdf: Kdf =
    secret.kind === 'key'
      ? { name: 'none' }
      : { name: 'scrypt', ...scryptCost, salt: crypto.getRandomValues(new Uint8Array(16)) };
  return keyFor(secret.text, kdf);
}

/** For a file that says how its key is derived. Throws bad_backup_key. */
export async function keyFor(text: string, kdf: Kdf): Promise<BackupKey> {
  if (kdf.name === 'none') return { kdf, secret: await readBackupKey(text) };
  const { logN, r, p, salt } = kdf;
  // Keyboards write the same letter in several ways.
  const passphrase = new TextEncoder().encode(text.normalize('NFKC'));
  const cost = { N: 2 ** logN, r, p, dkLen: secretLength, maxmem: memoryFor(logN, r) };
  // Lets the worker answer others meanwhile.
  const secret = await scryptAsync(passphrase, salt, { ...cost, asyncTick: 50 });
  return { kdf, secret: new Uint8Array(secret) };
}
