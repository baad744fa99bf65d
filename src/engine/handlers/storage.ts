/** Handlers that work on libxmtp's files. */
import {
  checkDatabase,
  deleteDatabase,
  exportDatabase,
  restoreDatabase,
  storageStats,
} from '../operations/storage.ts';
import type { OperationRunner } from '../session/operation-runner.ts';
import type { HandlersFor } from './handlers-for.ts';

type Operations =
  'storageStats' | 'checkDatabase' | 'exportDatabase' | 'restoreDatabase' | 'deleteDatabase';

export function storageHandlers(runner: OperationRunner): HandlersFor<Operations> {
  return {
    storageStats: (input) => runner.alone(() => runner.withStorage(() => storageStats(input))),
    checkDatabase: runner.withoutSession<'checkDatabase'>(checkDatabase),
    exportDatabase: runner.withoutSession<'exportDatabase'>(exportDatabase),
    restoreDatabase: runner.withoutSession<'restoreDatabase'>(restoreDatabase),
    deleteDatabase: runner.withoutSession<'deleteDatabase'>(deleteDatabase),
  };
}
