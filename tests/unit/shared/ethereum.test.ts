import { expect, test } from 'vitest';
import {
  addressOf,
  parsePrivateKey,
  recoverSigner,
  signText,
} from '../../../src/shared/ethereum.ts';

// The first account of the well-known test mnemonic "test test … junk".
const key = parsePrivateKey('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80');

test('the address of a key is Ethereum’s', () => {
  expect(addressOf(key)).toBe('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266');
});

test('a text is signed as personal_sign does', () => {
  const signature = Buffer.from(signText(key, 'hello world')).toString('hex');
  expect(signature).toHaveLength(130);
  expect(['1b', '1c']).toContain(signature.slice(-2));
  // Deterministic (RFC 6979): the same key and text give the same signature.
  expect(Buffer.from(signText(key, 'hello world')).toString('hex')).toBe(signature);
});

test('who signed is recovered, also where v is written as 0 or 1', () => {
  const signature = signText(key, 'hello world');
  const found = { address: addressOf(key), signature };
  expect(recoverSigner('hello world', signature)).toEqual(found);
  const other = signature.slice();
  other[64] = (other[64] ?? 0) - 27;
  expect(recoverSigner('hello world', other)).toEqual(found);
});

test('another text, and what is no signature, is not taken for the signer’s', () => {
  const signature = signText(key, 'hello world');
  expect(recoverSigner('hello worlds', signature)?.address).not.toBe(addressOf(key));
  expect(recoverSigner('hello world', new Uint8Array(65))).toBeNull();
  expect(recoverSigner('hello world', new Uint8Array(65).fill(255))).toBeNull();
  expect(recoverSigner('hello world', signature.subarray(1))).toBeNull();
  expect(recoverSigner('hello world', new Uint8Array(0))).toBeNull();
});

test('keys outside of the curve’s order are refused', () => {
  for (const digit of ['0', 'f']) {
    expect(() => parsePrivateKey(digit.repeat(64))).toThrow(
      expect.objectContaining({ code: 'bad_private_key' }),
    );
  }
});
