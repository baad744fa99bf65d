/** What lives as long as an open database: the client, and what is known of it. */
import type { Client } from '@xmtp/wasm-bindings';
import type { EngineEvent, OpenInput, OpenOutput } from '../../shared/engine-protocol.ts';
import type { PendingChanges } from '../changes/pending-changes.ts';
import type { Evidence } from '../traffic/evidence.ts';

export interface Session {
  readonly client: Client;
  readonly input: OpenInput;
  readonly opened: OpenOutput;
  /** What the store may not have yet. */
  readonly pending: PendingChanges;
}

/** What an operation works with. */
export interface OperationContext {
  readonly session: Session;
  /** The traffic of this operation alone. */
  readonly evidence: Evidence;
  emit(event: EngineEvent): void;
  /** Lets other operations run in the middle of this one, for `patience` milliseconds at most. */
  pause(patience: number): Promise<void>;
}
