import type { CommandHandler } from './handler.ts';

export const discardSend: CommandHandler<'discardSend'> = async ({ outbox }, { outboxId }) => {
  await outbox.discard(outboxId);
  return null;
};
