import type { CommandHandler } from './handler.ts';

export const createAccount: CommandHandler<'createAccount'> = async (
  { accounts },
  { network, privateKey, keep },
) => {
  const kept =
    keep === null ? ({ kind: 'none' } as const) : { kind: 'encrypted' as const, key: keep };
  return { accountId: await accounts.create(network, privateKey, kept) };
};
