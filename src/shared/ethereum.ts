/** Keys, addresses and signatures of Ethereum, as far as signing a text needs them. */
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { LockstepError } from './errors.ts';
import { fromHex, toHex } from './hex.ts';
import type { Address } from './ids.ts';

/** r, s and v of an ordinary key; contracts sign as they like. */
export const ecdsaLength = 65;

/** @param hex 64 hex digits with or without `0x`. Throws bad_private_key. */
export function parsePrivateKey(hex: string): Uint8Array<ArrayBuffer> {
  const key = fromHex(hex.replace(/^0x/, ''));
  if (!secp256k1.utils.isValidSecretKey(key)) {
    throw new LockstepError('bad_private_key', { detail: 'outside the range of secp256k1' });
  }
  return key;
}

/** @param privateKey as `parsePrivateKey` answers it. */
export function addressOf(privateKey: Uint8Array): Address {
  return addressOfPublicKey(secp256k1.getPublicKey(privateKey, false));
}

/** EIP-191 (`personal_sign`): 65 bytes, r, s and v = 27 or 28. */
export function signText(privateKey: Uint8Array, text: string): Uint8Array<ArrayBuffer> {
  const digest = personalDigest(text);
  const signature = secp256k1.sign(digest, privateKey, { prehash: false, format: 'recovered' });
  return concat(signature.subarray(1), Uint8Array.of((signature[0] ?? 0) + 27));
}

/**
 * Whose EIP-191 signature over a text this is, with its v as 27 or 28 (some wallets write 0 or 1); null
 * where it is nobody's.
 */
export function recoverSigner(
  text: string,
  signature: Uint8Array,
): { readonly address: Address; readonly signature: Uint8Array<ArrayBuffer> } | null {
  const v = signature[ecdsaLength - 1];
  if (signature.length !== ecdsaLength || v === undefined) return null;
  const recovery = v >= 27 ? v - 27 : v;
  if (recovery > 1) return null;
  const plain = signature.slice(0, -1);
  try {
    const publicKey = secp256k1.Signature.fromBytes(plain, 'compact')
      .addRecoveryBit(recovery)
      .recoverPublicKey(personalDigest(text))
      .toBytes(false);
    return {
      address: addressOfPublicKey(publicKey),
      signature: concat(plain, Uint8Array.of(recovery + 27)),
    };
  } catch {
    return null;
  }
}

function personalDigest(text: string): Uint8Array {
  const message = new TextEncoder().encode(text);
  const prefix = new TextEncoder().encode(`\x19Ethereum Signed Message:\n${message.length}`);
  return keccak_256(concat(prefix, message));
}

/** The last 20 bytes of the Keccak-256 of an uncompressed public key (65 bytes), in lower case. */
function addressOfPublicKey(publicKey: Uint8Array): Address {
  return `0x${toHex(keccak_256(publicKey.subarray(1)).subarray(-20))}` as Address;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
