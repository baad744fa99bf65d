import type { CommandHandler } from './handler.ts';

export const findWallets: CommandHandler<'findWallets'> = ({ wallets }) => wallets.find();
