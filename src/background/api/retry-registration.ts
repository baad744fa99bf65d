import type { CommandHandler } from './handler.ts';

export const retryRegistration: CommandHandler<'retryRegistration'> = async ({ accounts }) => {
  await accounts.current();
  void accounts.resume();
  return null;
};
