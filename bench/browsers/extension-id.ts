/** Fixed ids, so that the extension's address and its storage are the same in every run. */
import { createHash } from 'node:crypto';

/** A public key without a private one: Chromium derives the id from it and signs nothing. */
export const extensionKey = Buffer.from('Lockstep, measured by npm run bench').toString('base64');

/** The first 32 hex digits of the key's SHA-256, written with the letters a to p. */
export function chromiumId(): string {
  const digest = createHash('sha256').update(Buffer.from(extensionKey, 'base64')).digest('hex');
  return Array.from(digest.slice(0, 32), (digit) =>
    String.fromCharCode('a'.charCodeAt(0) + Number.parseInt(digit, 16)),
  ).join('');
}

export const firefoxAddonId = 'lockstep@lockstep.example';
export const firefoxUuid = '5d2f1c0e-6f0b-4c57-9d5e-2f9d5b8c1a11';
