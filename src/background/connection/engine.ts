import type { EngineOperation, EngineOperations } from '../../shared/engine-protocol.ts';

/** An engine as it is lent: calls settle, whatever becomes of its worker. */
export interface Engine {
  call<Op extends EngineOperation>(
    name: Op,
    input: EngineOperations[Op]['input'],
  ): Promise<EngineOperations[Op]['output']>;
}
