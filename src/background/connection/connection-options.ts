import type { OpenInput } from '../../shared/engine-protocol.ts';
import type { Milliseconds } from '../../shared/ids.ts';
import type { ConnectionRecords } from './connection-records.ts';
import type { EngineHost } from './engine-host.ts';

export interface ConnectionOptions {
  readonly host: EngineHost;
  readonly record: ConnectionRecords;
  /** What to open: the account's database. Throws no_account. */
  readonly openInput: () => Promise<OpenInput>;
  /** Milliseconds without work until the connection closes by itself. */
  readonly idleTime: () => Promise<Milliseconds>;
  /** A fresh engine found that its predecessor did not close: what it did is not in the store. */
  readonly onUncleanStart: () => Promise<void>;
  readonly keepAwake: () => () => void;
  readonly now: () => Milliseconds;
}
