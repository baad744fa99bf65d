import type { CommandHandler } from './handler.ts';

export const findArchives: CommandHandler<'findArchives'> = async ({ transfers }) => {
  await transfers.find();
  return null;
};
