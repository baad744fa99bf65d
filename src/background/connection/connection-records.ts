/** Where the state of the connection is written down. */
import type { ConnectionStatus } from '../../shared/connection-status.ts';
import type { ProbeBaseline } from '../../shared/probe-baseline.ts';

export interface ConnectionRecords {
  read(): Promise<ConnectionStatus | null>;
  /**
   * @param baseline what the engine recorded as it closed, or `as before` where none was open; without it,
   * what stood there is forgotten.
   */
  write(connection: ConnectionStatus, baseline?: ProbeBaseline | null | 'as before'): Promise<void>;
  /** Somebody is about to change the database's files: what was recorded of them is forgotten. */
  beforeMaintenance(): Promise<void>;
}
