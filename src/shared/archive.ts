/** Archives of history in the inbox's sync groups: who sent them, what for, and what they hold. */
import * as v from 'valibot';
import type { HistoryOptions } from './history.ts';
import type { ErrorRecord } from './errors.ts';
import type { AccountId, InstallationId, Milliseconds } from './ids.ts';

/** An archive's metadata, which libxmtp puts into the message that announces the archive. */
export interface ArchiveContents {
  readonly elements: HistoryOptions['elements'];
  readonly exportedAt: Milliseconds | null;
  /** The requested range; null where that end is open. */
  readonly from: Milliseconds | null;
  readonly until: Milliseconds | null;
}

/** An archive on a history server, as its sender announced it to the inbox's installations. */
export interface AvailableArchive {
  /** The pin of the request that it answers; else the pin that its sender chose. */
  readonly pin: string;
  readonly sender: InstallationId;
  readonly sentAt: Milliseconds;
  /** Its address on the history server. */
  readonly url: string;
  readonly contents: ArchiveContents;
}

/** A request for history, as one of the inbox's installations sent it. */
export interface ArchiveRequest {
  readonly pin: string;
  readonly sender: InstallationId;
  readonly sentAt: Milliseconds;
  /** The history server to upload the answer to. */
  readonly serverUrl: string;
}

/** What the sync groups hold, newest first. */
export interface SyncGroupLog {
  readonly archives: readonly AvailableArchive[];
  readonly requests: readonly ArchiveRequest[];
  /** When each installation last wrote anything there. */
  readonly lastSeen: readonly {
    readonly installationId: InstallationId;
    readonly at: Milliseconds;
  }[];
}

/** An archive that was sent or fetched here. Its id names the archive, so recording one twice changes nothing. */
export interface Transfer {
  /** A served archive's address; else an id of our own. */
  readonly id: string;
  readonly accountId: AccountId;
  /** `served`: the answer to another installation's request. `sent`, `fetched`: by hand, with a pin. */
  readonly kind: 'served' | 'sent' | 'fetched';
  readonly pin: string;
  readonly at: Milliseconds;
  /** The recipient or sender; null for all of the inbox's installations. */
  readonly installationId: InstallationId | null;
  readonly contents: ArchiveContents | null;
  readonly state:
    | { readonly kind: 'working' }
    | { readonly kind: 'done'; readonly newConversations: number; readonly newMessages: number }
    | { readonly kind: 'failed'; readonly error: ErrorRecord };
}

/** The archives in the sync groups as last read, for pages. */
export interface KnownArchives {
  readonly readAt: Milliseconds;
  /** From other installations, newest first. */
  readonly archives: readonly AvailableArchive[];
}

/** Short enough to read aloud, without characters that some keyboards lack. */
export const pinSchema = v.pipe(v.string(), v.trim(), v.regex(/^[A-Za-z0-9-]{1,40}$/));
