import type { CommandHandler } from './handler.ts';

export const setBackupSchedule: CommandHandler<'setBackupSchedule'> = async (
  { accounts, scheduledBackups },
  { plan, secret },
) => {
  await accounts.ready();
  await scheduledBackups.set(plan, secret);
  return null;
};
