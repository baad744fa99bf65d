/** Handlers that make, check and import backups. */
import { newKey } from '../backups/derive.ts';
import {
  backupUrl,
  checkBackup,
  importBackup,
  keyOfFile,
  makeBackup,
} from '../operations/backups.ts';
import { withCommitsHeld } from '../opfs/coalesce.ts';
import { translated, type OperationRunner } from '../session/operation-runner.ts';
import type { HandlersFor } from './handlers-for.ts';

type Operations =
  | 'newBackupKey'
  | 'keyOfBackup'
  | 'makeBackup'
  | 'checkBackup'
  | 'importBackup'
  | 'backupUrl'
  | 'revokeBackupUrl';

export function backupHandlers(runner: OperationRunner): HandlersFor<Operations> {
  return {
    newBackupKey: ({ secret }) => translated(() => newKey(secret)),
    keyOfBackup: ({ file, secret }) => translated(() => keyOfFile(file, secret)),
    makeBackup: runner.withSession<'makeBackup'>(({ session }, input) =>
      makeBackup(session, input),
    ),
    checkBackup: ({ file, key }) => translated(() => checkBackup(file, key)),
    importBackup: runner.withSession<'importBackup'>(({ session }, { file, key }) =>
      withCommitsHeld(session.input.databaseName, () => importBackup(session, file, key)),
    ),
    backupUrl: ({ file }) => translated(async () => ({ url: await backupUrl(file) })),
    revokeBackupUrl: async ({ url }) => {
      URL.revokeObjectURL(url);
      return null;
    },
  };
}
