import type { CommandHandler } from './handler.ts';

export const startOver: CommandHandler<'startOver'> = async ({ databaseCare, live }) => {
  await live.end();
  await databaseCare.startOver();
  return null;
};
