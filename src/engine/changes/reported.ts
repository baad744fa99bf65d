/** What the store was told of conversations beside their messages, and a short name for all of it. */
import { sha256 } from '@noble/hashes/sha2.js';
import { toHex } from '../../shared/hex.ts';
import type { ConversationIndex } from '../conversations/conversation-index.ts';

export type Reported = Pick<ConversationIndex, 'consents' | 'imported'>;

/** Only what is compared: an index holds libxmtp's objects. */
export function reportedOf({ consents, imported }: ConversationIndex): Reported {
  return { consents, imported };
}

/** By the list that they are of: most readings find the list that the one before them found. */
const known = new WeakMap<Reported['consents'], string>();

/** The same for the same conversations in the same states, in whatever order they are listed. */
export function fingerprintOf(reported: Reported): string {
  const before = known.get(reported.consents);
  if (before !== undefined) return before;
  const fingerprint = digest(reported);
  known.set(reported.consents, fingerprint);
  return fingerprint;
}

function digest({ consents, imported }: Reported): string {
  const lines = [...consents].map(
    ([id, consent]) => `${id} ${consent} ${imported.has(id) ? 'imported' : 'joined'}`,
  );
  return toHex(sha256(new TextEncoder().encode(lines.sort().join('\n'))));
}
