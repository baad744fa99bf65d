/** What the person chose outweighs what libxmtp said before it was told. */
import type { ConsentState } from '../../shared/consent.ts';
import type { Changes } from '../../shared/engine-protocol.ts';
import type { ConversationId } from '../../shared/ids.ts';

export type ConsentChoices = ReadonlyMap<ConversationId, ConsentState>;

/**
 * A reading as it will be once libxmtp knows the choices: otherwise an update that was under way while
 * the person denied a conversation would bring it back. Messages of a conversation whose state differs
 * are left out; what is allowed is fetched on its own.
 */
export function withChoices(changes: Changes, choices: ConsentChoices): Changes {
  const differs = changes.conversations
    .filter(({ id, consent }) => (choices.get(id) ?? consent) !== consent)
    .map(({ id }) => id);
  const hidden = new Set([
    ...differs,
    ...[...choices].filter(([, consent]) => consent !== 'allowed').map(([id]) => id),
  ]);
  if (hidden.size === 0) return changes;
  return {
    ...changes,
    conversations: changes.conversations.map((snapshot) => ({
      ...snapshot,
      consent: choices.get(snapshot.id) ?? snapshot.consent,
    })),
    messages: changes.messages.filter(({ conversationId }) => !hidden.has(conversationId)),
  };
}
