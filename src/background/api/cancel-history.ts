import type { CommandHandler } from './handler.ts';

export const cancelHistory: CommandHandler<'cancelHistory'> = async (
  { history },
  { requestId },
) => {
  await history.cancel(requestId);
  return null;
};
