import type { CommandHandler } from './handler.ts';

export const fetchArchive: CommandHandler<'fetchArchive'> = async ({ transfers }, { pin }) => ({
  transferId: await transfers.fetch(pin),
});
