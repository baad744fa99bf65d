/** Finds libxmtp's conversations and their messages. */
import {
  ConsentState,
  ContentType,
  ConversationType,
  DeliveryStatus,
  type Client,
  type ConversationListItem,
  type GroupMember,
  type ListMessagesOptions,
  type Message,
} from '@xmtp/wasm-bindings';
import { LockstepError } from '../../shared/errors.ts';
import type { ConversationKind } from '../../shared/conversation.ts';
import type { ConversationId } from '../../shared/ids.ts';

export type LibConversation = ConversationListItem['conversation'];

export interface FoundConversation {
  readonly id: ConversationId;
  readonly kind: ConversationKind;
  readonly conversation: LibConversation;
}

export interface ListedConversation extends FoundConversation {
  /** Sent time of the newest message in libxmtp's database, in nanoseconds; null where there is none. */
  readonly lastMessageAt: bigint | null;
  /** `lastMessageAt`, else when this installation learnt of the conversation. Nanoseconds. */
  readonly lastActivity: bigint;
}

type Messages = Pick<FoundConversation, 'kind' | 'conversation'>;

/** Messages as the store keeps them. */
export function findMessages(
  { kind, conversation }: Messages,
  options: ListMessagesOptions,
): Promise<Message[]> {
  return conversation.findMessages(readable(kind, options));
}

/** The number of messages that `findMessages` finds without options. */
export async function countMessages({ kind, conversation }: Messages): Promise<number> {
  return Number(await conversation.countMessages(readable(kind, {})));
}

/**
 * Leaves out unpublished messages, which are the outbox's, and membership changes in one-to-one conversations:
 * libxmtp skips those when it counts and folds them when it lists, so the two would never agree.
 */
function readable(kind: ConversationKind, options: ListMessagesOptions): ListMessagesOptions {
  const published = { ...options, deliveryStatus: DeliveryStatus.Published };
  return kind === 'dm'
    ? { ...published, excludeContentTypes: [ContentType.GroupUpdated] }
    : published;
}

export function listGroups(client: Client): ListedConversation[] {
  return list(client, ConversationType.Group, false);
}

/** @param duplicates whether to include those that libxmtp hides behind another one with the same person. */
export function listDms(
  client: Client,
  { duplicates }: { readonly duplicates: boolean },
): ListedConversation[] {
  return list(client, ConversationType.Dm, duplicates);
}

/**
 * The groups in which the inbox's installations talk to each other. Each installation creates one when it
 * registers; the newest is in use.
 */
export function listDeviceSyncGroups(client: Client): LibConversation[] {
  return list(client, ConversationType.Sync, false).map(({ conversation }) => conversation);
}

/** Throws conversation_unknown. */
export function findConversation(client: Client, id: ConversationId): FoundConversation {
  let conversation: LibConversation;
  try {
    conversation = client.conversations().findGroupById(id);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    throw new LockstepError('conversation_unknown', { detail: String(error), cause: error });
  }
  return { id, kind: kindOf(conversation), conversation };
}

/** A conversation's groups: its own, and those that libxmtp shows as one with it. */
export async function groupsOf({
  kind,
  conversation,
}: Messages): Promise<readonly LibConversation[]> {
  if (kind === 'group') return [conversation];
  return [conversation, ...(await conversation.findDuplicateDms())];
}

/**
 * The group to write in; null for a read-only conversation. A one-to-one conversation may have an imported
 * group that is read-only and a newer one that is not.
 */
export async function writableGroup(
  client: Client,
  listed: Messages,
): Promise<LibConversation | null> {
  for (const group of await groupsOf(listed)) {
    if (isActive(group) && !(listed.kind === 'dm' && (await isIncomplete(client, group)))) {
      return group;
    }
  }
  return null;
}

/** False for groups that were imported and not joined, and for those that were left. */
export function isActive(conversation: LibConversation): boolean {
  try {
    return conversation.isActive();
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return false;
  }
}

/**
 * Whether a one-to-one group that was created here lacks the other person. libxmtp keeps such a group when the
 * network fails while it adds them, and later returns it like any other. Messages in it reach nobody.
 */
async function isIncomplete(client: Client, conversation: LibConversation): Promise<boolean> {
  try {
    if (conversation.addedByInboxId() !== client.inboxId) return false;
    const peer = conversation.dmPeerInboxId();
    const members = (await conversation.listMembers()) as GroupMember[];
    return !members.some(({ inboxId }) => inboxId === peer);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return false;
  }
}

/** The number of conversations in every consent state, duplicates included. */
export function countConversations(client: Client): number {
  return client.conversations().list({ includeDuplicateDms: true, consentStates: every }).length;
}

/** Without this list, or with an empty one, libxmtp leaves denied conversations out. */
const every = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];

function list(client: Client, kind: ConversationType, duplicates: boolean): ListedConversation[] {
  const items = client.conversations().list({
    conversationType: kind,
    includeDuplicateDms: duplicates,
    consentStates: every,
  }) as ConversationListItem[];
  return items.map((item) => {
    const { conversation, lastMessage } = item;
    const lastMessageAt = lastMessage?.sentAtNs ?? null;
    return {
      lastMessageAt,
      lastActivity: lastMessageAt ?? conversation.createdAtNs(),
      id: conversation.id() as ConversationId,
      kind: kind === ConversationType.Dm ? 'dm' : 'group',
      conversation,
    };
  });
}

/** Only one-to-one conversations have a peer. */
function kindOf(conversation: LibConversation): ConversationKind {
  try {
    conversation.dmPeerInboxId();
    return 'dm';
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return 'group';
  }
}
