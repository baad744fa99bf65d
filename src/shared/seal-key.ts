/** Encrypting the key of a local account under a passphrase. Runs in pages: a derivation takes a while. */
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { scryptCost } from './backup-file.ts';
import type { EncryptedKey } from './encrypted-key.ts';
import { LockstepError } from './errors.ts';

/** @param privateKey 32 bytes. */
export async function sealKey(
  privateKey: Uint8Array<ArrayBuffer>,
  passphrase: string,
): Promise<EncryptedKey> {
  const kdf = { name: 'scrypt', ...scryptCost, salt: random(16) } as const;
  const iv = random(12);
  const key = await derive(kdf, passphrase);
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, privateKey);
  return { kdf, iv, sealed: new Uint8Array(sealed) };
}

/** Throws wrong_key_passphrase. */
export async function openSealedKey(
  { kdf, iv, sealed }: EncryptedKey,
  passphrase: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const key = await derive(kdf, passphrase);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, sealed));
  } catch (error) {
    throw new LockstepError('wrong_key_passphrase', { cause: error });
  }
}

async function derive({ logN, r, p, salt }: EncryptedKey['kdf'], passphrase: string) {
  // Keyboards write the same letter in several ways.
  const secret = new TextEncoder().encode(passphrase.normalize('NFKC'));
  const cost = { N: 2 ** logN, r, p, dkLen: 32, maxmem: 2 ** logN * r * 128 + 2 ** 20 };
  const bytes = await scryptAsync(secret, salt, { ...cost, asyncTick: 50 });
  const uses: KeyUsage[] = ['encrypt', 'decrypt'];
  return crypto.subtle.importKey('raw', new Uint8Array(bytes), 'AES-GCM', false, uses);
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}
