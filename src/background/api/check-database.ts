import type { CommandHandler } from './handler.ts';

export const checkDatabase: CommandHandler<'checkDatabase'> = ({ databaseCare }) =>
  databaseCare.check();
