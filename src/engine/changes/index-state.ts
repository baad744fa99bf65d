/** What the store learns from the conversation list besides messages, and a fingerprint of it. */
import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../../shared/hex.ts';
import type { ConversationIndex } from '../conversations/conversation-index.ts';

/** Consent states, and which conversations are imported but not joined. */
export type IndexState = Pick<ConversationIndex, 'consents' | 'imported'>;

/** Keeps only what is compared: an index holds on to libxmtp's objects. */
export function indexStateOf({ consents, imported }: ConversationIndex): IndexState {
  return { consents, imported };
}

/** Keyed by the list: most readings find the same list as the one before. */
const fingerprints = new WeakMap<IndexState['consents'], string>();

/** SHA-256, hex. Equal for the same conversations in the same states, whatever their order. */
export function fingerprintOf(state: IndexState): string {
  const known = fingerprints.get(state.consents);
  if (known !== undefined) return known;
  const fingerprint = digest(state);
  fingerprints.set(state.consents, fingerprint);
  return fingerprint;
}

function digest({ consents, imported }: IndexState): string {
  const lines = [...consents].map(
    ([id, consent]) => `${id} ${consent} ${imported.has(id) ? 'imported' : 'joined'}`,
  );
  return toHex(sha256(new TextEncoder().encode(lines.sort().join('\n'))));
}
