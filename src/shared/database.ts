/** libxmtp's database as its page shows it, and what can be done with it. */
import type { ErrorRecord } from './errors.ts';
import type { Milliseconds } from './ids.ts';

/** Bytes and files of libxmtp's file system in OPFS. */
export interface DatabaseStats {
  /** Null where the database is not there. */
  readonly databaseBytes: number | null;
  /** All files of the pool, the free ones included. */
  readonly poolBytes: number;
  /** Files in use, and how many the pool holds before it grows. */
  readonly files: number;
  readonly capacity: number;
}

export interface IntegrityReport {
  /** What SQLite found wrong; empty for a whole database. */
  readonly problems: readonly string[];
  readonly bytes: number;
  readonly took: Milliseconds;
}

/** Filling the store again from libxmtp. A record before it is work: the next start takes it up. */
export type Rebuild =
  | {
      readonly state: 'running';
      readonly startedAt: Milliseconds;
      readonly done: number;
      readonly total: number | null;
    }
  | {
      readonly state: 'complete';
      readonly endedAt: Milliseconds;
      readonly conversations: number;
      readonly messages: number;
    }
  | { readonly state: 'failed'; readonly endedAt: Milliseconds; readonly error: ErrorRecord };

/** Where files lie in OPFS that a page and the engine hand to each other: too big for a message. */
export const transferFolder = 'lockstep-transfer';
export const exportedFile = 'exported.db3';
export const fileToRestore = 'to-restore.db3';
