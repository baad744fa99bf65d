/** Sync runs: what was asked, how far it is, and what it did. A run is a record before it is work. */
import * as v from 'valibot';
import { consentFilterSchema } from './consent.ts';
import type { ErrorRecord } from './errors.ts';
import {
  conversationIdSchema,
  type AccountId,
  type ConversationId,
  type Milliseconds,
  type RunId,
} from './ids.ts';

export const syncScopeSchema = v.variant('kind', [
  /** libxmtp's `syncAllConversations`: welcomes, then messages of conversations in these states. */
  v.strictObject({ kind: v.literal('all'), consent: consentFilterSchema }),
  /** Messages and group updates of one conversation. */
  v.strictObject({ kind: v.literal('conversation'), conversationId: conversationIdSchema }),
  /** Welcomes only: new conversations appear, without messages. */
  v.strictObject({ kind: v.literal('conversations') }),
  /** Consent states and the like from the person's other installations. */
  v.strictObject({ kind: v.literal('preferences') }),
]);

export type SyncScope = v.InferOutput<typeof syncScopeSchema>;

/** Why a run started. `resume` completes one that was cut off. */
export type RunTrigger =
  'user' | 'alarm' | 'start' | 'setup' | 'consent' | 'history' | 'online' | 'resume';

export type RunStep = 'opening' | 'syncing' | 'storing' | 'checking';

export interface RunProgress {
  readonly step: RunStep;
  /** Conversations done and to do in this step; `total` is null until it is known. */
  readonly done: number;
  readonly total: number | null;
}

/** Something that a run could not do although the run itself went on. */
export interface RunFailure {
  /** Null where the failure concerns no single conversation (a welcome, a preference). */
  readonly conversationId: ConversationId | null;
  readonly error: ErrorRecord;
}

/** What the engine's traffic observer saw while a run was at work. */
export interface TrafficSummary {
  readonly calls: number;
  readonly failedCalls: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** What a run did. Numbers come from libxmtp (eligible, synced) or were counted while storing. */
export interface RunSummary {
  /** As libxmtp reports them; null for scopes where it reports nothing. Includes its sync group. */
  readonly eligible: number | null;
  readonly synced: number | null;
  readonly newConversations: number;
  readonly updatedConversations: number;
  readonly newMessages: number;
  readonly consentChanges: number;
  /** Records that the check after the run found missing or stale, and put right. */
  readonly repaired: number;
  readonly failures: readonly RunFailure[];
  readonly traffic: TrafficSummary;
  readonly took: Milliseconds;
}

interface RunBase {
  readonly id: RunId;
  readonly accountId: AccountId;
  readonly scope: SyncScope;
  readonly trigger: RunTrigger;
  readonly requestedAt: Milliseconds;
  /** How many further requests joined this run instead of starting their own. */
  readonly joined: number;
  /** The interrupted run that this one completes. */
  readonly completes: RunId | null;
}

/**
 * `partial`: the run ended, but some conversations failed. `interrupted`: the browser stopped the
 * background in the middle; a later run with `completes` takes it up.
 */
export type Run = RunBase &
  (
    | { readonly state: 'queued' }
    | {
        readonly state: 'running';
        readonly startedAt: Milliseconds;
        readonly progress: RunProgress;
      }
    | {
        readonly state: 'complete' | 'partial';
        readonly startedAt: Milliseconds;
        readonly endedAt: Milliseconds;
        readonly summary: RunSummary;
      }
    | {
        readonly state: 'failed';
        readonly startedAt: Milliseconds;
        readonly endedAt: Milliseconds;
        readonly error: ErrorRecord;
      }
    | {
        readonly state: 'interrupted';
        readonly startedAt: Milliseconds;
        readonly endedAt: Milliseconds;
      }
  );

export type RunState = Run['state'];
