import type { CommandHandler } from './handler.ts';

export const rebuildStore: CommandHandler<'rebuildStore'> = async ({ databaseCare }) => {
  await databaseCare.rebuild();
  return null;
};
