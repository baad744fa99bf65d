import type { EngineOperation, EngineOperations } from '../../shared/engine-protocol.ts';
import type { RpcHandlers } from '../../shared/rpc.ts';

/** The part of the engine's handlers that serves these operations. */
export type HandlersFor<Op extends EngineOperation> = Pick<RpcHandlers<EngineOperations>, Op>;
