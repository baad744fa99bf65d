/** Archives of history in the inbox's sync groups: who sent them, what for, and what they hold. */
import * as v from 'valibot';
import type { HistoryOptions } from './history.ts';
import type { ErrorRecord } from './errors.ts';
import type { AccountId, InstallationId, Milliseconds } from './ids.ts';

/** What an archive says of itself; libxmtp writes it into the message that announces the archive. */
export interface ArchiveContents {
  readonly elements: HistoryOptions['elements'];
  readonly exportedAt: Milliseconds | null;
  /** The range that was asked for; null where that end is open. */
  readonly from: Milliseconds | null;
  readonly until: Milliseconds | null;
}

/** An archive that lies on a history server, as its sender announced it to the inbox's installations. */
export interface AvailableArchive {
  /** A request's pin where the archive answers it; else the pin that its sender chose. */
  readonly pin: string;
  readonly sender: InstallationId;
  readonly sentAt: Milliseconds;
  /** Where it lies. */
  readonly url: string;
  readonly contents: ArchiveContents;
}

/** A request for history, as one of the inbox's installations sent it. */
export interface ArchiveRequest {
  readonly pin: string;
  readonly sender: InstallationId;
  readonly sentAt: Milliseconds;
  /** The history server that the answer is to be left at. */
  readonly serverUrl: string;
}

/** What the sync groups hold, newest first. */
export interface SyncGroupLog {
  readonly archives: readonly AvailableArchive[];
  readonly requests: readonly ArchiveRequest[];
  /** When each installation last wrote there, whatever it wrote. */
  readonly lastSeen: readonly {
    readonly installationId: InstallationId;
    readonly at: Milliseconds;
  }[];
}

/**
 * An archive that went out from here or came in. Its id names the archive, so that noting one twice
 * changes nothing.
 */
export interface Transfer {
  /** The address of an archive that was served; else an id of our own. */
  readonly id: string;
  readonly accountId: AccountId;
  /** `served`: the answer to another installation's request. `sent`, `fetched`: by hand, with a pin. */
  readonly kind: 'served' | 'sent' | 'fetched';
  readonly pin: string;
  readonly at: Milliseconds;
  /** Who got it or sent it; null for all of the inbox's installations. */
  readonly installationId: InstallationId | null;
  readonly contents: ArchiveContents | null;
  readonly state:
    | { readonly kind: 'working' }
    | { readonly kind: 'done'; readonly newConversations: number; readonly newMessages: number }
    | { readonly kind: 'failed'; readonly error: ErrorRecord };
}

/** The sync groups as they were last read, for pages. */
export interface KnownArchives {
  readonly readAt: Milliseconds;
  /** From other installations, newest first. */
  readonly archives: readonly AvailableArchive[];
}

/** Short enough to read aloud, and nothing that another keyboard lacks. */
export const pinSchema = v.pipe(v.string(), v.trim(), v.regex(/^[A-Za-z0-9-]{1,40}$/));
