import type { StoredBackupSchedule } from '../../shared/backup.ts';

/** Before backups by themselves were ever switched on. Alone here: the popup's first load has it. */
export const noBackupSchedule: StoredBackupSchedule = {
  plan: null,
  since: 0,
  lastAt: null,
  newMessages: 0,
  problem: null,
  failures: 0,
  retryAt: 0,
  files: [],
  left: [],
  key: null,
};
