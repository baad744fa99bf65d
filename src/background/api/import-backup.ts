import type { CommandHandler } from './handler.ts';

export const importBackup: CommandHandler<'importBackup'> = async (
  { backups },
  { file, name, secret },
) => ({ backupId: await backups.import(file, name, secret) });
