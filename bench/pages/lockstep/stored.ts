/** What the store has of allowed conversations. */
import type { StoreReader } from '../../../src/store/reader.ts';

export async function countStored(reader: StoreReader) {
  const conversations = await reader.conversations({
    consent: 'allowed',
    limit: Number.MAX_SAFE_INTEGER >>> 0,
    after: null,
  });
  let messages = 0;
  for (const { id } of conversations) {
    const found = await reader.messages({ conversationId: id, limit: 100_000, before: null });
    messages += found.length;
  }
  return { conversations: conversations.length, messages };
}
