/** Converts conversations to our records. */
import type { Client, GroupMember } from '@xmtp/wasm-bindings';
import { IdentifierKind } from '@xmtp/wasm-bindings';
import type { ConversationSnapshot, Member } from '../../shared/conversation.ts';
import type { Address, InboxId } from '../../shared/ids.ts';
import { writableGroup, type FoundConversation } from '../conversations/find-conversations.ts';
import { fromLibConsent, fromLibRole } from './enums.ts';
import { fromNanoseconds } from './times.ts';

/** Everything that libxmtp knows of a conversation except its messages. */
export async function snapshotOf(
  client: Client,
  listed: FoundConversation,
): Promise<ConversationSnapshot> {
  const { id, kind, conversation } = listed;
  const members = await membersOf(conversation);
  const isGroup = kind === 'group';
  return {
    id,
    kind,
    name: isGroup ? textOf(() => conversation.groupName()) : null,
    description: isGroup ? textOf(() => conversation.groupDescription()) : null,
    imageUrl: isGroup ? textOf(() => conversation.groupImageUrlSquare()) : null,
    peer: isGroup ? null : await peerOf(client, conversation, members),
    consent: fromLibConsent(conversation.consentState()),
    addedBy: textOf(() => conversation.addedByInboxId()) as InboxId | null,
    createdAt: fromNanoseconds(conversation.createdAtNs()),
    active: (await writableGroup(client, listed)) !== null,
    members,
  };
}

type LibConversation = FoundConversation['conversation'];

/** Null where libxmtp has no member list yet. */
async function membersOf(conversation: LibConversation): Promise<readonly Member[] | null> {
  let found: readonly GroupMember[];
  try {
    found = (await conversation.listMembers()) as GroupMember[];
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return null;
  }
  if (found.length === 0) return null;
  return found
    .map(({ inboxId, accountIdentifiers, permissionLevel }) => ({
      inboxId: inboxId as InboxId,
      addresses: addressesOf(accountIdentifiers),
      role: fromLibRole(permissionLevel),
    }))
    .sort((a, b) => (a.inboxId < b.inboxId ? -1 : 1));
}

async function peerOf(
  client: Client,
  conversation: LibConversation,
  members: readonly Member[] | null,
): Promise<ConversationSnapshot['peer']> {
  const inboxId = textOf(() => conversation.dmPeerInboxId()) as InboxId | null;
  if (inboxId === null) return null;
  const member = members?.find((candidate) => candidate.inboxId === inboxId);
  const address = member?.addresses[0] ?? (await knownAddress(client, inboxId));
  return { inboxId, address };
}

/** From libxmtp's own copy of the identity logs, without a network call. */
async function knownAddress(client: Client, inboxId: InboxId): Promise<Address | null> {
  try {
    const [state] = await client.inboxStateFromInboxIds([inboxId], false);
    return state === undefined ? null : (addressesOf(state.accountIdentifiers)[0] ?? null);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return null;
  }
}

function addressesOf(
  identifiers: readonly { readonly identifier: string; readonly identifierKind: IdentifierKind }[],
): readonly Address[] {
  return identifiers
    .filter(({ identifierKind }) => identifierKind === IdentifierKind.Ethereum)
    .map(({ identifier }) => identifier.toLowerCase() as Address);
}

/** Null for what is unset. libxmtp throws where it cannot read a group's state, as after an import. */
function textOf(read: () => string): string | null {
  const text = attempt(read);
  return text === null || text === '' ? null : text;
}

function attempt<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return null;
  }
}
