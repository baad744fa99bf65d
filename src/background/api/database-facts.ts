import type { CommandHandler } from './handler.ts';

export const databaseFacts: CommandHandler<'databaseFacts'> = ({ databaseCare }) =>
  databaseCare.facts();
