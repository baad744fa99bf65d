/** Messages on their way out. The intent is stored before libxmtp hears of it. */
import type { ErrorRecord } from './errors.ts';
import type { AccountId, ConversationId, MessageId, Milliseconds, OutboxId } from './ids.ts';

/**
 * `id` is also libxmtp's idempotency key: the same key, text and conversation give the same message
 * id, so sending twice after a crash shows once (docs/libxmtp.md#sending-once).
 * An entry is deleted in the transaction that stores its published message.
 */
export interface OutboxEntry {
  readonly id: OutboxId;
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly text: string;
  readonly createdAt: Milliseconds;
  /** Known once libxmtp has the message; from then on it is hidden behind the entry. */
  readonly messageId: MessageId | null;
  readonly state:
    | { readonly kind: 'waiting' }
    | { readonly kind: 'sending' }
    | { readonly kind: 'failed'; readonly error: ErrorRecord };
}

/** libxmtp refuses about 1 MB; text that long is a mistake long before. In UTF-8 bytes. */
export const longestText = 500_000;
