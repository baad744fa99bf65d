/**
 * Encrypted key files as Ethereum wallets save them (Web3 Secret Storage, version 3). Only for reading:
 * what Lockstep keeps has a form of its own (`encrypted-key.ts`).
 */
import { pbkdf2Async } from '@noble/hashes/pbkdf2.js';
import { scryptAsync } from '@noble/hashes/scrypt.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import * as v from 'valibot';
import { LockstepError } from './errors.ts';
import { addressOf } from './ethereum.ts';
import { fromHex, toHex } from './hex.ts';

/** Far more than any such file has; what is larger is another file. */
export const largestKeystore = 64 * 1024;
/** What a file may ask for: a larger one would freeze the page for minutes, or take all its memory. */
const most = { memory: 1024 * 1024 * 1024, iterations: 10_000_000 };

const hex = (least: number, longest: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => text.replace(/^0x/, '').toLowerCase()),
    v.regex(/^(?:[0-9a-f]{2})*$/),
    v.minLength(least * 2),
    v.maxLength(longest * 2),
    v.transform(fromHex),
  );
const whole = (least: number, largest: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(largest));
const salt = hex(0, 256);
const dklen = whole(32, 128);

const kdfSchema = v.variant('kdf', [
  v.object({
    kdf: v.literal('scrypt'),
    kdfparams: v.pipe(
      v.object({ dklen, salt, n: whole(2, 2 ** 24), r: whole(1, 64), p: whole(1, 64) }),
      v.check(({ n, r }) => Number.isInteger(Math.log2(n)) && 128 * n * r <= most.memory),
    ),
  }),
  v.object({
    kdf: v.literal('pbkdf2'),
    kdfparams: v.object({
      dklen,
      salt,
      c: whole(1, most.iterations),
      prf: v.literal('hmac-sha256'),
    }),
  }),
]);

const keystoreSchema = v.object({
  version: v.literal(3),
  /** Not every wallet writes it. */
  address: v.optional(hex(20, 20)),
  crypto: v.intersect([
    v.object({
      cipher: v.literal('aes-128-ctr'),
      cipherparams: v.object({ iv: hex(16, 16) }),
      ciphertext: hex(32, 32),
      mac: hex(32, 32),
    }),
    kdfSchema,
  ]),
});

export type Keystore = v.InferOutput<typeof keystoreSchema>;

/** Throws bad_keystore. */
export function parseKeystore(text: string): Keystore {
  try {
    return v.parse(keystoreSchema, withSmallNames(JSON.parse(text)));
  } catch (error) {
    throw new LockstepError('bad_keystore', { detail: detailOf(error), cause: error });
  }
}

/**
 * Answers 32 bytes. Throws wrong_keystore_password; bad_keystore where the key is not the one that the file
 * says, since its own check leaves the initialisation vector out.
 */
export async function openKeystore(
  { crypto: file, address }: Keystore,
  password: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const derived = await derive(file, new TextEncoder().encode(password.normalize('NFKC')));
  const mac = keccak_256(new Uint8Array([...derived.subarray(16, 32), ...file.ciphertext]));
  if (toHex(mac) !== toHex(file.mac)) throw new LockstepError('wrong_keystore_password');
  const key = await crypto.subtle.importKey('raw', derived.slice(0, 16), 'AES-CTR', false, [
    'decrypt',
  ]);
  const algorithm = { name: 'AES-CTR', counter: file.cipherparams.iv, length: 128 };
  const opened = new Uint8Array(await crypto.subtle.decrypt(algorithm, key, file.ciphertext));
  if (address !== undefined && addressOf(opened) !== `0x${toHex(address)}`) {
    throw new LockstepError('bad_keystore', { detail: 'the key is of another address' });
  }
  return opened;
}

/** Lets the page answer meanwhile. */
function derive(file: Keystore['crypto'], password: Uint8Array): Promise<Uint8Array> {
  if (file.kdf === 'pbkdf2') {
    const { salt: salted, c, dklen: dkLen } = file.kdfparams;
    return pbkdf2Async(sha256, password, salted, { c, dkLen, asyncTick: 50 });
  }
  const { salt: salted, n: N, r, p, dklen: dkLen } = file.kdfparams;
  const maxmem = 128 * N * r + 2 ** 20;
  return scryptAsync(password, salted, { N, r, p, dkLen, maxmem, asyncTick: 50 });
}

/** Some wallets write `Crypto`. */
function withSmallNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, content]) => [name.toLowerCase(), content as unknown]),
  );
}

function detailOf(error: unknown): string {
  if (!(error instanceof v.ValiError)) return String(error);
  const [issue] = error.issues as [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]];
  return `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`;
}
