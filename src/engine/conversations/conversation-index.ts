/** Every conversation of the inbox at one moment, from one look at libxmtp's list. */
import { GroupMembershipState, type Client } from '@xmtp/wasm-bindings';
import type { ConsentState } from '../../shared/consent.ts';
import type { ConversationId } from '../../shared/ids.ts';
import { listDms, listGroups, type ListedConversation } from './find-conversations.ts';
import { fromLibConsent } from '../records/enums.ts';

export interface ConversationIndex {
  /** In every consent state, last activity first; each person's one-to-one conversation once. */
  readonly listed: readonly ListedConversation[];
  readonly byId: ReadonlyMap<ConversationId, ListedConversation>;
  readonly consents: ReadonlyMap<ConversationId, ConsentState>;
  /** Those that came with history and that nobody has added this installation to. */
  readonly imported: ReadonlySet<ConversationId>;
  /**
   * Duplicates of one-to-one conversations: which listed conversation stands for each. They exist
   * where both sides, or two installations, started one at the same time.
   */
  readonly duplicates: ReadonlyMap<ConversationId, ConversationId>;
}

/** Costs about 20 µs a conversation and asks nobody. */
export function readIndex(client: Client): ConversationIndex {
  const dms = listDms(client, { duplicates: true });
  const duplicates = findDuplicates(client, dms);
  const listed = [...dms.filter(({ id }) => !duplicates.has(id)), ...listGroups(client)].sort(
    (a, b) => (a.lastActivity < b.lastActivity ? 1 : -1),
  );
  return {
    listed,
    byId: new Map(listed.map((conversation) => [conversation.id, conversation])),
    consents: new Map(
      listed.map(({ id, conversation }) => [id, fromLibConsent(conversation.consentState())]),
    ),
    imported: new Set(listed.filter(isImported).map(({ id }) => id)),
    duplicates,
  };
}

function isImported({ conversation }: ListedConversation): boolean {
  return conversation.membershipState() === GroupMembershipState.Restored;
}

function findDuplicates(
  client: Client,
  dms: readonly ListedConversation[],
): ReadonlyMap<ConversationId, ConversationId> {
  const peerOf = ({ conversation }: ListedConversation) => conversation.dmPeerInboxId();
  if (new Set(dms.map(peerOf)).size === dms.length) return new Map();
  // Which of them stands for the others is libxmtp's choice, so it is asked.
  const shown = new Map(
    listDms(client, { duplicates: false }).map((dm) => [peerOf(dm), dm.id] as const),
  );
  const duplicates = new Map<ConversationId, ConversationId>();
  for (const dm of dms) {
    const standsFor = shown.get(peerOf(dm));
    if (standsFor !== undefined && standsFor !== dm.id) duplicates.set(dm.id, standsFor);
  }
  return duplicates;
}
