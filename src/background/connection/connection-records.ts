/** Where the state of the connection is written down. */
import type { Connection } from '../../shared/connection.ts';
import type { QuietSync } from '../../shared/quiet-sync.ts';

export interface ConnectionRecords {
  read(): Promise<Connection | null>;
  /**
   * @param quiet what the engine vouched for as it closed, or `as before` where none was open; without it,
   * what stood there is forgotten.
   */
  write(connection: Connection, quiet?: QuietSync | null | 'as before'): Promise<void>;
  /** Somebody is about to change the database's files. */
  forgetQuiet(): Promise<void>;
}
