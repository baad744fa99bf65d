import type { CommandHandler } from './handler.ts';

export const exportDatabase: CommandHandler<'exportDatabase'> = ({ databaseCare }) =>
  databaseCare.export();
