import type { CommandHandler } from './handler.ts';

export const stopBackupSchedule: CommandHandler<'stopBackupSchedule'> = async ({
  scheduledBackups,
}) => {
  await scheduledBackups.stop();
  return null;
};
