import type { CommandHandler } from './handler.ts';

export const sendText: CommandHandler<'sendText'> = async (
  { outbox },
  { conversationId, text },
) => ({ outboxId: await outbox.add(conversationId, text) });
