import type { CommandHandler } from './handler.ts';

export const forgetBackup: CommandHandler<'forgetBackup'> = async ({ backups }, { backupId }) => {
  await backups.forget(backupId);
  return null;
};
