import type { CommandHandler } from './handler.ts';

export const signWithWallet: CommandHandler<'signWithWallet'> = async (
  { wallets },
  { requestId },
) => {
  await wallets.sign(requestId);
  return null;
};
