import { expect, test } from 'vitest';
import { createLocalSigner, signText } from '../../../../src/background/accounts/local-signer.ts';

// The first account of the well-known test mnemonic "test test … junk".
const key = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80';

test('the address of a key is Ethereum’s', () => {
  expect(createLocalSigner(key).address).toBe('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266');
});

test('a text is signed as personal_sign does', () => {
  const signature = Buffer.from(signText(createLocalSigner(key), 'hello world')).toString('hex');
  expect(signature).toHaveLength(130);
  expect(['1b', '1c']).toContain(signature.slice(-2));
  // Deterministic (RFC 6979): the same key and text give the same signature.
  expect(Buffer.from(signText(createLocalSigner(key), 'hello world')).toString('hex')).toBe(
    signature,
  );
});

test('keys outside of the curve’s order are refused', () => {
  expect(() => createLocalSigner('0'.repeat(64))).toThrow(
    expect.objectContaining({ code: 'bad_private_key' }),
  );
  expect(() => createLocalSigner('f'.repeat(64))).toThrow(
    expect.objectContaining({ code: 'bad_private_key' }),
  );
});

test('new keys differ', () => {
  expect(createLocalSigner(null).address).not.toBe(createLocalSigner(null).address);
});
