import type { CommandHandler } from './handler.ts';

export const runBackupSchedule: CommandHandler<'runBackupSchedule'> = async ({
  scheduledBackups,
}) => {
  await scheduledBackups.now();
  return null;
};
