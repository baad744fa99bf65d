/**
 * How a snapshot and its messages become a stored conversation. Pure: given what is stored and what
 * came, it says what to store. Applying the same twice changes nothing.
 */
import {
  isReadable,
  type Conversation,
  type ConversationSnapshot,
  type Message,
  type MessagePreview,
} from '../../shared/conversation.ts';
import type { InboxId, Milliseconds } from '../../shared/ids.ts';

export interface ReadState {
  /** Our own inbox: own messages are never unread. */
  readonly self: InboxId;
  /** Up to where the person has read this conversation. */
  readonly readUntil: Milliseconds;
}

/** The stored form of a snapshot, keeping what lists need from the conversation stored before. */
export function conversationFrom(
  snapshot: ConversationSnapshot,
  stored: Conversation | undefined,
): Conversation {
  const { members, ...rest } = snapshot;
  const keepsMessages = stored?.consent === snapshot.consent;
  const lastMessage = keepsMessages ? stored.lastMessage : null;
  return {
    ...rest,
    memberCount: members === null ? (stored?.memberCount ?? null) : members.length,
    lastMessage,
    lastActivityAt: lastMessage?.sentAt ?? snapshot.createdAt,
    unread: keepsMessages ? stored.unread : 0,
  };
}

/** Whether what a person sees of a conversation (not its messages) differs. */
export function metadataChanged(before: Conversation, after: Conversation): boolean {
  return (
    before.name !== after.name ||
    before.description !== after.description ||
    before.imageUrl !== after.imageUrl ||
    before.active !== after.active ||
    before.peer?.address !== after.peer?.address
  );
}

/** Whether a message counts as unread. */
export function isUnread(message: Message, { self, readUntil }: ReadState): boolean {
  return message.sender !== self && message.sentAt > readUntil && isReadable(message.content);
}

/**
 * The conversation after `messages` were written. `fresh` are those of them that were not stored
 * before. Only allowed conversations show message text; requests keep none.
 */
export function withMessages(
  conversation: Conversation,
  messages: readonly Message[],
  fresh: readonly Message[],
  state: ReadState,
): Conversation {
  if (conversation.consent !== 'allowed') return conversation;
  const lastMessage = messages.reduce(newerPreview, conversation.lastMessage);
  return {
    ...conversation,
    lastMessage,
    lastActivityAt: lastMessage?.sentAt ?? conversation.createdAt,
    unread: conversation.unread + fresh.filter((message) => isUnread(message, state)).length,
  };
}

/** The newest readable message of a page that is ordered newest first. */
export function newestPreview(newestFirst: readonly Message[]): MessagePreview | null {
  const message = newestFirst.find(({ content }) => isReadable(content));
  return message === undefined ? null : previewOf(message);
}

function newerPreview(current: MessagePreview | null, message: Message): MessagePreview | null {
  if (!isReadable(message.content)) return current;
  if (current !== null && current.id !== message.id && !isNewer(message, current)) return current;
  return previewOf(message);
}

function previewOf({ id, sender, sentAt, content }: Message): MessagePreview {
  return { id, sender, sentAt, content };
}

function isNewer(a: MessagePreview, b: MessagePreview): boolean {
  return a.sentAt !== b.sentAt ? a.sentAt > b.sentAt : a.id > b.id;
}
