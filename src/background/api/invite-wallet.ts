import type { CommandHandler } from './handler.ts';

export const inviteWallet: CommandHandler<'inviteWallet'> = async ({ wallets }, { network }) => {
  await wallets.invite(network);
  return null;
};
