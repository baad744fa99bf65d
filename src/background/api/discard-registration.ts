import type { CommandHandler } from './handler.ts';

export const discardRegistration: CommandHandler<'discardRegistration'> = async ({ accounts }) => {
  await accounts.discard();
  return null;
};
