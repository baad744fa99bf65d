/** A key as people have it: a recovery phrase, a private key, or an encrypted file with its password. */
import { useSignal, type Signal } from '@preact/signals';
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts';
import { fromHex } from '../../shared/hex.ts';
import type { Keystore } from '../../shared/keystore.ts';
import type { PhraseProblem } from '../../shared/recovery-phrase.ts';
import { looksLikePrivateKey } from '../logic/hosts.ts';

export type KeyProblem = PhraseProblem | { readonly kind: 'missing' | 'malformed' };

export interface KeyEntry {
  readonly text: Signal<string>;
  /** A file that was chosen instead. */
  readonly file: Signal<{ readonly name: string; readonly keystore: Keystore } | null>;
  readonly password: Signal<string>;
  /** What is wrong with what was entered; null until somebody tried. */
  readonly problem: Signal<KeyProblem | null>;
  readonly error: Signal<ErrorRecord | null>;
  readonly busy: Signal<boolean>;
  chooseFile(file: File): Promise<void>;
  /** Answers 32 bytes, or null where something is wrong, which then shows. */
  read(): Promise<Uint8Array<ArrayBuffer> | null>;
  clear(): void;
}

export function useKeyEntry(): KeyEntry {
  const text = useSignal('');
  const file = useSignal<{ readonly name: string; readonly keystore: Keystore } | null>(null);
  const password = useSignal('');
  const problem = useSignal<KeyProblem | null>(null);
  const error = useSignal<ErrorRecord | null>(null);
  const busy = useSignal(false);

  const find = async (): Promise<Uint8Array<ArrayBuffer> | null> => {
    if (file.value !== null) {
      const { openKeystore } = await import('../../shared/keystore.ts');
      return openKeystore(file.value.keystore, password.value);
    }
    const entered = text.value.trim();
    if (entered === '') problem.value = { kind: 'missing' };
    else if (looksLikePrivateKey(entered)) return fromHex(entered.replace(/^0x/, ''));
    // One word alone is no phrase, and rather a key with something wrong in it.
    else if (!/\s/.test(entered)) problem.value = { kind: 'malformed' };
    else {
      const { keyOfPhrase, phraseProblem, wordsOf } =
        await import('../../shared/recovery-phrase.ts');
      const words = wordsOf(entered);
      problem.value = phraseProblem(words);
      if (problem.value === null) return keyOfPhrase(words);
    }
    return null;
  };
  const guarded = async <Output>(work: () => Promise<Output>): Promise<Output | null> => {
    problem.value = error.value = null;
    busy.value = true;
    try {
      return await work();
    } catch (thrown) {
      error.value = toErrorRecord(thrown);
      return null;
    } finally {
      busy.value = false;
    }
  };
  return {
    text,
    file,
    password,
    problem,
    error,
    busy,
    read: () => guarded(find),
    chooseFile: async (chosen) => {
      const keystore = await guarded(async () => {
        const { largestKeystore, parseKeystore } = await import('../../shared/keystore.ts');
        return parseKeystore(await chosen.slice(0, largestKeystore).text());
      });
      file.value = keystore === null ? null : { name: chosen.name, keystore };
    },
    clear: () => {
      text.value = password.value = '';
      file.value = problem.value = error.value = null;
    },
  };
}
