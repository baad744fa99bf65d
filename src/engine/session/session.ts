/** What lives as long as an open database: the client and what may have changed in it. */
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
  /** This operation's traffic only. */
  readonly evidence: Evidence;
  emit(event: EngineEvent): void;
  /** Lets other operations run until the background resumes this one, at most `patience` milliseconds. */
  pause(patience: number): Promise<void>;
}
