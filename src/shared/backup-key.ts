/**
 * Generated keys in the form that people write down: 128 random bits and a 12-bit checksum in groups of four
 * digits that are hard to confuse (Crockford's base 32: no I, L, O, U).
 */
import { LockstepError } from './errors.ts';

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const keyBytes = 16;
const textLength = 28;
const context = new TextEncoder().encode('lockstep backup key');

export async function generateBackupKey(): Promise<string> {
  return writeBackupKey(crypto.getRandomValues(new Uint8Array(keyBytes)));
}

/** `ABCD-EFGH-…`, seven groups. */
export async function writeBackupKey(key: Uint8Array<ArrayBuffer>): Promise<string> {
  let value = 0n;
  for (const byte of key) value = (value << 8n) | BigInt(byte);
  value = (value << 12n) | BigInt(await checkOf(key));
  let text = '';
  for (let at = 0; at < textLength; at++) {
    text = (digits[Number(value & 31n)] ?? '') + text;
    value >>= 5n;
  }
  return (text.match(/.{4}/g) ?? []).join('-');
}

/** Accepts lower case, other separators, and O for 0. Throws bad_backup_key. */
export async function readBackupKey(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const clean = text
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  if (clean.length !== textLength) throw new LockstepError('bad_backup_key');
  let value = 0n;
  for (const digit of clean) {
    const number = digits.indexOf(digit);
    if (number < 0) throw new LockstepError('bad_backup_key');
    value = (value << 5n) | BigInt(number);
  }
  const check = Number(value & 0xfffn);
  value >>= 12n;
  const key = new Uint8Array(keyBytes);
  for (let at = keyBytes - 1; at >= 0; at--) {
    key[at] = Number(value & 0xffn);
    value >>= 8n;
  }
  if (check !== (await checkOf(key))) throw new LockstepError('bad_backup_key');
  return key;
}

async function checkOf(key: Uint8Array<ArrayBuffer>): Promise<number> {
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array([...context, ...key]));
  return new DataView(digest).getUint16(0) >> 4;
}
