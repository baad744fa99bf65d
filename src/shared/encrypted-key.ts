/** A private key under a passphrase, as it is stored and as it crosses to the background. */
import * as v from 'valibot';
import { fromHex, toHex } from './hex.ts';

/** AES-256-GCM, its key by scrypt; the parameters stand beside it, so that they can be raised later. */
export interface EncryptedKey {
  readonly kdf: {
    readonly name: 'scrypt';
    readonly logN: number;
    readonly r: number;
    readonly p: number;
    readonly salt: Uint8Array<ArrayBuffer>;
  };
  readonly iv: Uint8Array<ArrayBuffer>;
  /** 32 bytes of key and 16 of tag. */
  readonly sealed: Uint8Array<ArrayBuffer>;
}

/** Bytes as hex: Chrome's messages carry JSON. */
const bytesSchema = (length: number) =>
  v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${length * 2}}$`)), v.transform(fromHex));

const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

/** The parameters are ours, so anything far from them is a mistake: at most 512 MB. */
export const encryptedKeySchema = v.strictObject({
  kdf: v.strictObject({
    name: v.literal('scrypt'),
    logN: whole(14, 19),
    r: whole(8, 8),
    p: whole(1, 4),
    salt: bytesSchema(16),
  }),
  iv: bytesSchema(12),
  sealed: bytesSchema(48),
});

/** For a command. */
export function encryptedKeyMessage({
  kdf,
  iv,
  sealed,
}: EncryptedKey): v.InferInput<typeof encryptedKeySchema> {
  return { kdf: { ...kdf, salt: toHex(kdf.salt) }, iv: toHex(iv), sealed: toHex(sealed) };
}
