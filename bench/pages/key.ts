/** The measured person's key, for pages that register an installation. */
import { createLocalSigner, signText } from '../../src/background/accounts/local-signer.ts';

export function signerOf(privateKey: string) {
  const signer = createLocalSigner(privateKey);
  return { address: signer.address as string, sign: (text: string) => signText(signer, text) };
}
