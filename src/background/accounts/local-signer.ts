/** Keys of local accounts: made here, kept in the store, used for nothing but signing for the inbox. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import type { LocalSigner } from '../../shared/account.ts';
import { LockstepError } from '../../shared/errors.ts';
import type { Address } from '../../shared/ids.ts';

/** @param key 64 hex digits with or without `0x`; null makes a new one. Throws bad_private_key. */
export function createLocalSigner(key: string | null): LocalSigner {
  const privateKey =
    key === null ? secp256k1.utils.randomSecretKey() : fromHex(key.replace(/^0x/, ''));
  if (!secp256k1.utils.isValidSecretKey(privateKey)) {
    throw new LockstepError('bad_private_key', { detail: 'outside the range of secp256k1' });
  }
  return { kind: 'local', address: addressOf(privateKey), privateKey: privateKey.slice() };
}

/** EIP-191 (`personal_sign`): 65 bytes, r, s and v = 27 or 28. */
export function signText({ privateKey }: LocalSigner, text: string): Uint8Array {
  const message = new TextEncoder().encode(text);
  const prefix = new TextEncoder().encode(`\x19Ethereum Signed Message:\n${message.length}`);
  const digest = keccak_256(concat(prefix, message));
  const signature = secp256k1.sign(digest, privateKey, { prehash: false, format: 'recovered' });
  return concat(signature.subarray(1), Uint8Array.of((signature[0] ?? 0) + 27));
}

/** The last 20 bytes of the public key's Keccak-256, as `0x` and lower-case hex. */
function addressOf(privateKey: Uint8Array): Address {
  const publicKey = secp256k1.getPublicKey(privateKey, false).subarray(1);
  const bytes = keccak_256(publicKey).subarray(-20);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `0x${hex}` as Address;
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_byte, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  );
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
