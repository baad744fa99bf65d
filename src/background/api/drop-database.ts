import type { CommandHandler } from './handler.ts';

/** Answers at once; work under way is finished first, and the store shows when it is done. */
export const dropDatabase: CommandHandler<'dropDatabase'> = async ({ accounts, connection }) => {
  await accounts.ready();
  void connection.drop();
  return null;
};
