/** The measured person's key, for pages that register an installation. */
import { addressOf, parsePrivateKey, signText } from '../../src/shared/ethereum.ts';

export function signerOf(privateKey: string) {
  const key = parsePrivateKey(privateKey);
  return { address: addressOf(key) as string, sign: (text: string) => signText(key, text) };
}
