import type { CommandHandler } from './handler.ts';

export const retrySend: CommandHandler<'retrySend'> = async ({ outbox }, { outboxId }) => {
  await outbox.retry(outboxId);
  return null;
};
