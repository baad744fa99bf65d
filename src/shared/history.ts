/** Requests for history from the person's other installations. */
import * as v from 'valibot';
import type { AvailableArchive } from './archive.ts';
import type { ErrorRecord } from './errors.ts';
import type { AccountId, HistoryRequestId, InstallationId, Milliseconds } from './ids.ts';

export const historyElements = ['messages', 'consent'] as const;

export const historyOptionsSchema = v.strictObject({
  elements: v.pipe(v.array(v.picklist(historyElements)), v.minLength(1)),
  /** Only what was sent in this range; null leaves that end open. Milliseconds since 1970. */
  from: v.nullable(v.number()),
  until: v.nullable(v.number()),
  excludeDisappearing: v.boolean(),
});

export type HistoryOptions = v.InferOutput<typeof historyOptionsSchema>;

export const defaultHistoryOptions: HistoryOptions = {
  elements: ['messages', 'consent'],
  from: null,
  until: null,
  excludeDisappearing: false,
};

/** One of the inbox's installations, as the identity log lists it. */
export interface Installation {
  readonly id: InstallationId;
  /** When it joined, by its own clock; null where the log does not say. */
  readonly createdAt: Milliseconds | null;
}

/** An installation as the sync groups show it. */
export interface KnownInstallation extends Installation {
  /** When it last wrote to the inbox's other installations; null if it never did. */
  readonly seenAt: Milliseconds | null;
}

export interface HistoryCounts {
  /** Conversations with at least one message. */
  readonly conversations: number;
  readonly messages: number;
}

/** How long a request goes on before it ends by itself, in hours: an hour to a week. */
export const shortestPatience = 1;
export const longestPatience = 7 * 24;
export const usualPatience = 24;

/**
 * A request for history: a journaled job that sends, waits, imports and tells. It asks again until it is
 * answered, because a request is lost on an installation that has not joined the sync group yet.
 */
export interface HistoryRequest {
  readonly id: HistoryRequestId;
  readonly accountId: AccountId;
  readonly options: HistoryOptions;
  /** Where the answer is to be left; null for the configured history server. */
  readonly serverUrl: string | null;
  readonly requestedAt: Milliseconds;
  /** When it ends unanswered. An answer that comes later still is taken. */
  readonly giveUpAt: Milliseconds;
  /** The installations that could answer when the request was last sent. */
  readonly others: readonly KnownInstallation[];
  /** How often it was sent, and when it is sent again. */
  readonly attempts: number;
  readonly nextAt: Milliseconds;
  /** What answers carry. */
  readonly pins: readonly string[];
  /** Archives that could not be imported, by address, and how often it was tried. */
  readonly failedArchives: Readonly<Record<string, number>>;
  /**
   * Archives without any history, by address, and who sent them: they answer nothing as long as another
   * installation may have more. Absent where there was none.
   */
  readonly emptyArchives?: Readonly<Record<string, InstallationId>>;
  /** What went wrong last, while the job goes on; null when nothing did. */
  readonly problem: ErrorRecord | null;
  /** What was here before, of the time before the request. */
  readonly before: HistoryCounts | null;
  readonly state: HistoryState;
}

/**
 * `sending`: not in the sync group yet. `sent`: waiting for an installation that is online. `nobody`: the
 * inbox has no other installation that could answer. `unanswered`: its time is up.
 */
export type HistoryState =
  | { readonly kind: 'sending'; readonly since: Milliseconds }
  | { readonly kind: 'sent'; readonly since: Milliseconds }
  | {
      readonly kind: 'importing';
      readonly since: Milliseconds;
      readonly archive: AvailableArchive;
      /** What has come so far; absent until something did. */
      readonly soFar?: HistoryCounts;
    }
  | {
      readonly kind: 'imported';
      readonly since: Milliseconds;
      readonly archive: AvailableArchive;
      readonly newConversations: number;
      readonly newMessages: number;
    }
  | { readonly kind: 'nobody'; readonly since: Milliseconds }
  | { readonly kind: 'unanswered'; readonly since: Milliseconds }
  | { readonly kind: 'cancelled'; readonly since: Milliseconds }
  | { readonly kind: 'failed'; readonly since: Milliseconds; readonly error: ErrorRecord };

/** Whether there is still work to do for a request. */
export function isOpen({ state }: Pick<HistoryRequest, 'state'>): boolean {
  return state.kind === 'sending' || state.kind === 'sent' || state.kind === 'importing';
}
