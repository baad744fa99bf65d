/** Recovery phrases (BIP-39) and the key that wallets derive from one for its first account. */
import { HDKey } from '@scure/bip32';
import { generateMnemonic, mnemonicToSeed, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { LockstepError } from './errors.ts';

/** The first account of Ethereum (BIP-44), which every wallet derives alike. */
const firstAccount = "m/44'/60'/0'/0/0";
const lengths = [12, 15, 18, 21, 24];

export type PhraseProblem =
  | { readonly kind: 'unknown-words'; readonly words: readonly string[] }
  | { readonly kind: 'length'; readonly count: number }
  /** Every word is known, but they do not belong together. */
  | { readonly kind: 'checksum' };

/** Twelve words: 128 random bits. */
export function newPhrase(): readonly string[] {
  return generateMnemonic(wordlist, 128).split(' ');
}

/** What people make of it: other blanks, capital letters, numbers before the words. */
export function wordsOf(text: string): readonly string[] {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .split(/[\s,;]+/)
    .map((word) => word.replace(/^\d+[.):]?/, ''))
    .filter((word) => word !== '');
}

/** Null if the words are a phrase. Unknown words come first: with one, nothing else can be said. */
export function phraseProblem(words: readonly string[]): PhraseProblem | null {
  const unknown = words.filter((word) => !wordlist.includes(word));
  if (unknown.length > 0) return { kind: 'unknown-words', words: unknown };
  if (!lengths.includes(words.length)) return { kind: 'length', count: words.length };
  return validateMnemonic(words.join(' '), wordlist) ? null : { kind: 'checksum' };
}

/** @param words without a problem. Answers 32 bytes. */
export async function keyOfPhrase(words: readonly string[]): Promise<Uint8Array<ArrayBuffer>> {
  const seed = await mnemonicToSeed(words.join(' '));
  const { privateKey } = HDKey.fromMasterSeed(seed).derive(firstAccount);
  if (privateKey === null) throw new LockstepError('bad_private_key');
  return new Uint8Array(privateKey);
}
