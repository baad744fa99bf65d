import type { CommandHandler } from './handler.ts';

export const createAccount: CommandHandler<'createAccount'> = async (
  { accounts },
  { network, privateKey },
) => ({ accountId: await accounts.create(network, privateKey) });
