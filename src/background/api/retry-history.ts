import type { CommandHandler } from './handler.ts';

export const retryHistory: CommandHandler<'retryHistory'> = async ({ history }, { requestId }) => {
  await history.retry(requestId);
  return null;
};
