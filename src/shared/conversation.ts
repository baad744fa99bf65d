/** Conversations, their members and messages, as the engine reports them and the store keeps them. */
import type { ConsentState } from './consent.ts';
import type { Address, ConversationId, InboxId, MessageId, Milliseconds } from './ids.ts';

export type ConversationKind = 'dm' | 'group';

export type MemberRole = 'member' | 'admin' | 'super-admin';

export interface Member {
  readonly inboxId: InboxId;
  /** Ethereum addresses that the inbox lists, oldest first; empty for a passkey-only inbox. */
  readonly addresses: readonly Address[];
  readonly role: MemberRole;
}

/** What libxmtp knows of one conversation, without its messages. */
export interface ConversationSnapshot {
  readonly id: ConversationId;
  readonly kind: ConversationKind;
  /** A group's name, description and image; null where unset, and for one-to-one conversations. */
  readonly name: string | null;
  readonly description: string | null;
  readonly imageUrl: string | null;
  /** The other side of a one-to-one conversation; null for groups. */
  readonly peer: { readonly inboxId: InboxId; readonly address: Address | null } | null;
  readonly consent: ConsentState;
  readonly addedBy: InboxId | null;
  readonly createdAt: Milliseconds;
  /** False while an imported or left conversation cannot be written to. */
  readonly active: boolean;
  /**
   * Null where libxmtp has no member list: a conversation that was imported, or an unknown one-to-one
   * conversation before its first sync.
   */
  readonly members: readonly Member[] | null;
}

/** A conversation as stored: the snapshot less its members, plus what lists need at a glance. */
export interface Conversation extends Omit<ConversationSnapshot, 'members'> {
  readonly memberCount: number | null;
  /** The newest message that a person would read; null for requests and empty conversations. */
  readonly lastMessage: MessagePreview | null;
  /** The newest message's time, else `createdAt`: what lists are sorted by. */
  readonly lastActivityAt: Milliseconds;
  /** Messages of others after the read position; never counts imported or own ones. */
  readonly unread: number;
}

/** The list of chats: pinned ones, then the rest. */
export function pinnedFirst(
  pinned: readonly Conversation[],
  byActivity: readonly Conversation[],
): readonly Conversation[] {
  if (pinned.length === 0) return byActivity;
  const ids = new Set(pinned.map(({ id }) => id));
  return [...pinned, ...byActivity.filter(({ id }) => !ids.has(id))];
}

export interface MessagePreview {
  readonly id: MessageId;
  readonly sender: InboxId;
  readonly sentAt: Milliseconds;
  readonly content: MessageContent;
}

export type DeliveryStatus = 'unpublished' | 'published' | 'failed';

export interface Message {
  readonly id: MessageId;
  readonly conversationId: ConversationId;
  readonly sender: InboxId;
  readonly sentAt: Milliseconds;
  readonly delivery: DeliveryStatus;
  readonly content: MessageContent;
}

/** One change of a group, from a commit: who came, who went, what was renamed. */
export interface GroupChange {
  readonly by: InboxId;
  readonly added: readonly InboxId[];
  readonly removed: readonly InboxId[];
  readonly left: readonly InboxId[];
  readonly fields: readonly {
    readonly field: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
}

export type MessageContent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'markdown'; readonly text: string }
  | { readonly type: 'reply'; readonly to: MessageId; readonly text: string | null }
  | {
      readonly type: 'reaction';
      readonly to: MessageId;
      readonly emoji: string;
      readonly removed: boolean;
    }
  | {
      readonly type: 'attachment';
      readonly name: string | null;
      readonly mimeType: string;
      readonly bytes: number;
    }
  | {
      readonly type: 'remote-attachment';
      readonly name: string | null;
      readonly bytes: number | null;
    }
  | { readonly type: 'group-change'; readonly change: GroupChange }
  | { readonly type: 'read-receipt' }
  | { readonly type: 'deleted' }
  /** A content type that Lockstep does not render; the sender's fallback text where there is one. */
  | {
      readonly type: 'other';
      readonly contentType: string;
      readonly fallback: string | null;
    };

/** Whether a message is something to read: counts as unread, can be a list's last message. */
export function isReadable(content: MessageContent): boolean {
  switch (content.type) {
    case 'text':
    case 'markdown':
    case 'reply':
    case 'attachment':
    case 'remote-attachment':
    case 'other':
      return true;
    case 'reaction':
    case 'group-change':
    case 'read-receipt':
    case 'deleted':
      return false;
  }
}
