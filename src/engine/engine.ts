/** The engine: handlers for every operation, on one session, in one worker. */
import type { EngineEvent, EngineOperations } from '../shared/engine-protocol.ts';
import type { RpcHandlers } from '../shared/rpc.ts';
import { backupHandlers } from './handlers/backups.ts';
import { conversationHandlers } from './handlers/conversations.ts';
import { historyHandlers } from './handlers/history.ts';
import { identityHandlers } from './handlers/identity.ts';
import { storageHandlers } from './handlers/storage.ts';
import { syncHandlers } from './handlers/sync.ts';
import { OperationRunner, type EngineScope } from './session/operation-runner.ts';

/**
 * Must run before libxmtp starts, because it observes its traffic.
 * @param emit sends the background an event that it did not ask for.
 */
export function createEngine(
  scope: EngineScope,
  emit: (event: EngineEvent) => void,
): RpcHandlers<EngineOperations> {
  const runner = new OperationRunner(scope, emit);
  return {
    ...identityHandlers(runner),
    ...syncHandlers(runner, emit),
    ...conversationHandlers(runner),
    ...historyHandlers(runner),
    ...backupHandlers(runner),
    ...storageHandlers(runner),
  };
}
