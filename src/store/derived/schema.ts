/**
 * The derived database of one inbox on one network: everything in it can be read again from libxmtp.
 * When `derivedDatabaseVersion` changes it is emptied and rebuilt, never migrated.
 */
import type { DBSchema } from 'idb';
import type { ConsentState } from '../../shared/consent.ts';
import type { Conversation, Member, Message } from '../../shared/conversation.ts';
import type { ChangeCursor } from '../../shared/engine-protocol.ts';
import type { AccountId, ConversationId, MessageId, Milliseconds } from '../../shared/ids.ts';

export const derivedDatabaseVersion = 1;

/** One database for each account: accounts never share an installation, nor its insertion order. */
export function derivedDatabaseName(accountId: AccountId): string {
  return `lockstep-derived-${accountId}`;
}

export interface ConversationMembers {
  readonly conversationId: ConversationId;
  readonly members: readonly Member[];
}

/** Where the store stands in libxmtp's insertion order; committed together with what it stands for. */
export interface DerivedValues {
  readonly cursor: ChangeCursor;
}

export interface DerivedSchema extends DBSchema {
  values: { key: keyof DerivedValues; value: DerivedValues[keyof DerivedValues] };
  conversations: {
    key: ConversationId;
    value: Conversation;
    indexes: { byActivity: [ConsentState, Milliseconds, ConversationId] };
  };
  members: { key: ConversationId; value: ConversationMembers };
  messages: {
    key: MessageId;
    value: Message;
    indexes: { byConversation: [ConversationId, Milliseconds, MessageId] };
  };
}
