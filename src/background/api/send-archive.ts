import type { CommandHandler } from './handler.ts';

export const sendArchive: CommandHandler<'sendArchive'> = async (
  { transfers },
  { options, pin },
) => ({ transferId: await transfers.send(options, pin) });
