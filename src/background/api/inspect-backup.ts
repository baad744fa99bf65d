import type { CommandHandler } from './handler.ts';

export const inspectBackup: CommandHandler<'inspectBackup'> = ({ backups }, { file, secret }) =>
  backups.inspect(file, secret);
