/** Operations on single conversations: counting, reading, consent, sending. */
import { DeliveryStatus, type Client } from '@xmtp/wasm-bindings';
import type { EngineInput, EngineOutput, SendTextInput } from '../../shared/engine-protocol.ts';
import { LockstepError } from '../../shared/errors.ts';
import type { ConversationId } from '../../shared/ids.ts';
import {
  countMessages as count,
  findConversation,
  writableGroup,
} from '../conversations/find-conversations.ts';
import { snapshotOf } from '../records/conversation.ts';
import { toLibConsent } from '../records/enums.ts';
import { messageFrom } from '../records/message.ts';
import type { Session } from '../session/session.ts';
import { readAllMessages } from '../changes/change-reader.ts';

export async function countMessages(
  client: Client,
  { conversationIds }: EngineInput<'countMessages'>,
): Promise<EngineOutput<'countMessages'>> {
  const counts = new Map<ConversationId, number>();
  for (const id of conversationIds) {
    try {
      counts.set(id, await count(findConversation(client, id)));
    } catch (error) {
      if (!(error instanceof LockstepError && error.code === 'conversation_unknown')) throw error;
    }
  }
  return counts;
}

export function conversationMessages(
  client: Client,
  { conversationId }: EngineInput<'conversationMessages'>,
): Promise<EngineOutput<'conversationMessages'>> {
  return readAllMessages(client, findConversation(client, conversationId));
}

export function setConsent(
  { client, pending }: Session,
  { conversationId, consent }: EngineInput<'setConsent'>,
): Promise<EngineOutput<'setConsent'>> {
  const listed = findConversation(client, conversationId);
  listed.conversation.updateConsentState(toLibConsent(consent));
  pending.addUnknown();
  return snapshotOf(client, listed);
}

/**
 * Stores a message, then publishes it. The same key, text and conversation make the same message in libxmtp,
 * so this can be repeated after any crash (docs/libxmtp.md#sending-once).
 */
export async function sendText(
  client: Client,
  { conversationId, text, idempotencyKey }: SendTextInput,
): Promise<EngineOutput<'sendText'>> {
  const conversation = await writableGroup(client, findConversation(client, conversationId));
  if (conversation === null) throw new LockstepError('conversation_inactive');
  const id = await conversation.sendText(text, { optimistic: true, idempotencyKey });
  const read = () => client.conversations().findMessageById(id);
  if (read().deliveryStatus === DeliveryStatus.Unpublished) await conversation.publishMessages();
  // After failed tries libxmtp skips a message unless it is named.
  if (read().deliveryStatus !== DeliveryStatus.Published) {
    await conversation.publishStoredMessage(id);
  }
  const message = read();
  if (message.deliveryStatus !== DeliveryStatus.Published) {
    throw new LockstepError('message_not_sent', { detail: `message ${id} is not published` });
  }
  return messageFrom(client, conversationId, message);
}
