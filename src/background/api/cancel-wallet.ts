import type { CommandHandler } from './handler.ts';

export const cancelWallet: CommandHandler<'cancelWallet'> = async ({ wallets }) => {
  await wallets.cancel();
  return null;
};
