import type { CommandHandler } from './handler.ts';

export const makeBackup: CommandHandler<'makeBackup'> = async (
  { backups },
  { options, secret },
) => ({ backupId: await backups.make(options, secret) });
