import type { CommandHandler } from './handler.ts';

export const restoreDatabase: CommandHandler<'restoreDatabase'> = async ({
  databaseCare,
  live,
}) => {
  await databaseCare.restore();
  live.resume();
  return null;
};
