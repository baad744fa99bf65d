/** Converts messages to our records. */
import type { Client, Message as LibMessage } from '@xmtp/wasm-bindings';
import type { Message } from '../../shared/conversation.ts';
import type { ConversationId, InboxId, MessageId } from '../../shared/ids.ts';
import { contentFrom, readPlainText, undecoded } from './content.ts';
import { fromLibDelivery } from './enums.ts';
import { fromNanoseconds } from './times.ts';

/**
 * @param conversationId the listed conversation. A one-to-one conversation may have several groups, and the
 *   message itself may name another one of them.
 */
export async function messageFrom(
  client: Client,
  conversationId: ConversationId,
  message: LibMessage,
): Promise<Message> {
  return {
    id: message.id as MessageId,
    conversationId,
    sender: message.senderInboxId as InboxId,
    sentAt: fromNanoseconds(message.sentAtNs),
    delivery: fromLibDelivery(message.deliveryStatus),
    content: readPlainText(message) ?? (await decode(client, message)),
  };
}

async function decode(client: Client, message: LibMessage): Promise<Message['content']> {
  try {
    return contentFrom(await client.conversations().findEnrichedMessageById(message.id));
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    // One undecodable message must not hold back the others.
    return undecoded(message);
  }
}
