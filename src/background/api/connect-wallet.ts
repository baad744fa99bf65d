import type { CommandHandler } from './handler.ts';

export const connectWallet: CommandHandler<'connectWallet'> = async (
  { wallets },
  { sessionId, walletId },
) => {
  await wallets.connect(sessionId, walletId);
  return null;
};
