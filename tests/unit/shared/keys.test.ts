/** Keys as people have them: phrases, files, and under a passphrase. */
import { createCipheriv, pbkdf2Sync, scryptSync } from 'node:crypto';
import { keccak_256 } from '@noble/hashes/sha3.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as v from 'valibot';
import { encryptedKeyMessage, encryptedKeySchema } from '../../../src/shared/encrypted-key.ts';
import { addressOf } from '../../../src/shared/ethereum.ts';
import { openKeystore, parseKeystore } from '../../../src/shared/keystore.ts';
import {
  keyOfPhrase,
  newPhrase,
  phraseProblem,
  wordsOf,
} from '../../../src/shared/recovery-phrase.ts';
import { openSealedKey, sealKey } from '../../../src/shared/seal-key.ts';

const known = 'test test test test test test test test test test test junk';
const key = new Uint8Array(32).map((_zero, index) => index + 1);

test('a phrase gives the account that wallets derive from it', async () => {
  expect(addressOf(await keyOfPhrase(wordsOf(known)))).toBe(
    '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
  );
});

test('a phrase is read however people write it', () => {
  expect(wordsOf(' 1. Test  2. test,TEST\n4) junk ')).toEqual(['test', 'test', 'test', 'junk']);
});

test('what is wrong with a phrase is named', () => {
  const problem = (text: string) => phraseProblem(wordsOf(text));
  expect(problem(known)).toBeNull();
  expect(problem(known.replace('junk', 'junkk'))).toEqual({
    kind: 'unknown-words',
    words: ['junkk'],
  });
  expect(problem('test test test')).toEqual({ kind: 'length', count: 3 });
  expect(problem(known.replace('junk', 'test'))).toEqual({ kind: 'checksum' });
});

test('new phrases are whole, and differ', () => {
  expect(newPhrase()).toHaveLength(12);
  expect(phraseProblem(newPhrase())).toBeNull();
  expect(newPhrase()).not.toEqual(newPhrase());
});

function keystoreOf(kdf: 'scrypt' | 'pbkdf2', password: string): string {
  const [salt, iv] = [Buffer.alloc(32, 3), Buffer.alloc(16, 5)];
  const derived =
    kdf === 'scrypt'
      ? scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 })
      : pbkdf2Sync(password, salt, 1000, 32, 'sha256');
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv);
  const ciphertext = Buffer.concat([cipher.update(key), cipher.final()]);
  const mac = keccak_256(Buffer.concat([derived.subarray(16, 32), ciphertext]));
  const common = { dklen: 32, salt: salt.toString('hex') };
  return JSON.stringify({
    version: 3,
    address: addressOf(key).slice(2),
    id: 'x',
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: iv.toString('hex') },
      ciphertext: ciphertext.toString('hex'),
      kdf,
      kdfparams:
        kdf === 'scrypt'
          ? { ...common, n: 1024, r: 8, p: 1 }
          : { ...common, c: 1000, prf: 'hmac-sha256' },
      mac: Buffer.from(mac).toString('hex'),
    },
  });
}

test.each(['scrypt', 'pbkdf2'] as const)(
  'a key file with %s opens with its password only',
  async (kdf) => {
    const file = parseKeystore(keystoreOf(kdf, 'sesame'));
    expect(await openKeystore(file, 'sesame')).toEqual(key);
    await expect(openKeystore(file, 'Sesame')).rejects.toMatchObject({
      code: 'wrong_keystore_password',
    });
  },
);

test('whatever else is in a file is refused by name, also one that would take all memory', () => {
  const whole = keystoreOf('scrypt', 'sesame');
  const greedy = whole.replace('"n":1024', `"n":${2 ** 24}`);
  for (const text of [
    '',
    '{}',
    'null',
    '[]',
    whole.slice(0, -9),
    greedy,
    whole.replace('"version":3', '"version":1'),
  ]) {
    expect(() => parseKeystore(text), text.slice(0, 40)).toThrow(
      expect.objectContaining({ code: 'bad_keystore' }),
    );
  }
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(() => parseKeystore(text)).toThrow(expect.objectContaining({ code: 'bad_keystore' }));
    }),
  );
});

test('a damaged key file never gives a key', async () => {
  const whole = keystoreOf('scrypt', 'sesame');
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length - 1),
      fc.constantFrom('0', '7', 'a', 'f', 'n', '"', '{', '}'),
      async (at, character) => {
        const damaged = whole.slice(0, at) + character + whole.slice(at + 1);
        try {
          expect(await openKeystore(parseKeystore(damaged), 'sesame')).toEqual(key);
        } catch (error) {
          expect(['bad_keystore', 'wrong_keystore_password']).toContain(
            (error as { readonly code?: string }).code,
          );
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a key under a passphrase survives the way to the store, and opens with that passphrase only', async () => {
  const sent = JSON.stringify(encryptedKeyMessage(await sealKey(key, 'a long passphrase')));
  expect(sent).not.toContain(Buffer.from(key).toString('hex'));
  const stored = v.parse(encryptedKeySchema, JSON.parse(sent));
  expect(await openSealedKey(stored, 'a long passphrase')).toEqual(key);
  await expect(openSealedKey(stored, 'another passphrase')).rejects.toMatchObject({
    code: 'wrong_key_passphrase',
  });
}, 60_000);
