/** A snapshot of the inbox's conversations, from one read of libxmtp's list. */
import { GroupMembershipState, type Client } from '@xmtp/wasm-bindings';
import type { ConsentState } from '../../shared/consent.ts';
import type { ConversationId } from '../../shared/ids.ts';
import { listDms, listGroups, type ListedConversation } from './find-conversations.ts';
import { fromLibConsent } from '../records/enums.ts';

export interface ConversationIndex {
  /** In every consent state, last activity first. Duplicates of one-to-one conversations are left out. */
  readonly listed: readonly ListedConversation[];
  readonly byId: ReadonlyMap<ConversationId, ListedConversation>;
  readonly consents: ReadonlyMap<ConversationId, ConsentState>;
  /** Conversations that came with history and that nobody has added this installation to. */
  readonly imported: ReadonlySet<ConversationId>;
  /**
   * Maps each duplicate of a one-to-one conversation to the listed one that stands for it. Duplicates arise
   * where both sides, or two installations, start a conversation at the same time.
   */
  readonly duplicates: ReadonlyMap<ConversationId, ConversationId>;
}

/** Takes about 20 µs a conversation and makes no network call. */
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
  // libxmtp chooses which of them stands for the others.
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
