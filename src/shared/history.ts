/** Requests for history from the person's other installations. */
import * as v from 'valibot';
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

/**
 * A request, as a journaled job. `sent`: it is in the sync group, waiting for an installation that is
 * online. `nobody`: the inbox has no other installation that could answer.
 */
export interface HistoryRequest {
  readonly id: HistoryRequestId;
  readonly accountId: AccountId;
  readonly options: HistoryOptions;
  readonly requestedAt: Milliseconds;
  /** The installations that could answer when the request was sent. */
  readonly others: readonly Installation[];
  readonly state:
    | { readonly kind: 'sending'; readonly since: Milliseconds }
    | { readonly kind: 'nobody'; readonly since: Milliseconds }
    | { readonly kind: 'sent'; readonly since: Milliseconds; readonly times: number }
    | {
        readonly kind: 'imported';
        readonly since: Milliseconds;
        readonly newConversations: number;
        readonly newMessages: number;
      }
    | { readonly kind: 'failed'; readonly since: Milliseconds; readonly error: ErrorRecord };
}
