/** Messages as our records. */
import type { Client, Message as LibMessage } from '@xmtp/wasm-bindings';
import type { Message } from '../../shared/conversation.ts';
import type { ConversationId, InboxId, MessageId } from '../../shared/ids.ts';
import { contentFrom, readPlainText, undecoded } from './content.ts';
import { fromLibDelivery } from './enums.ts';
import { fromNanoseconds } from './times.ts';

/**
 * @param conversationId the conversation that lists show. A one-to-one conversation may consist of
 *   several groups, and then the message's own id names another one of them.
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
    // A message that nobody can decode must not keep the others from arriving.
    return undecoded(message);
  }
}
