/** Sync runs: what was asked, how far it is, and what it did. A run is a record before it is work. */
import * as v from 'valibot';
import { consentFilterSchema, type ConsentFilter } from './consent.ts';
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
  | 'user'
  | 'alarm'
  | 'start'
  | 'setup'
  | 'consent'
  | 'history'
  | 'online'
  | 'unlock'
  | 'live'
  | 'resume';

/**
 * In `joining`, libxmtp takes in welcomes, each of which is a new conversation. `recent` is the first part
 * of a large sync: pinned conversations, and those that were active last.
 * `reading` is asking libxmtp what changed; while one piece is stored the next is read, which is part of
 * `storing`.
 */
export type RunStep =
  'opening' | 'joining' | 'recent' | 'syncing' | 'reading' | 'storing' | 'checking';

export interface RunProgress {
  readonly step: RunStep;
  /**
   * Conversations done and to do; `total` is null until it is known. `recent` and `syncing` count the
   * same ones: the second goes on where the first stopped. Otherwise each step begins with 0.
   */
  readonly done: number;
  readonly total: number | null;
}

/** How long each step took, in milliseconds; steps that a run did not need are missing. */
export type StepTimes = Readonly<Partial<Record<RunStep, Milliseconds>>>;

/** What the check after a run found wrong in the store, and put right. */
export interface RunFinding {
  readonly conversationId: ConversationId;
  /** Messages that libxmtp had and the store had not, and the other way round. */
  readonly missing: number;
  readonly surplus: number;
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

/** What libxmtp's number of eligible conversations is made of; the parts add up to it. */
export interface EligibleParts {
  /** As a person sees them, each once. */
  readonly conversations: number;
  /** Device-sync groups: conversations between the person's own devices, which are shown nowhere. */
  readonly deviceSync: number;
  /** Further groups behind a one-to-one conversation that both sides, or two devices, started. */
  readonly duplicates: number;
  /** Counted by libxmtp, and in none of its lists. */
  readonly unidentified: number;
}

/** Parts, and which groups they are of: a fingerprint, the same for the same set. */
export interface KnownEligible {
  readonly groups: string;
  readonly parts: EligibleParts;
}

/** What a run did. Numbers come from libxmtp (eligible, synced) or were counted while storing. */
export interface RunSummary {
  /** As libxmtp reports them; null for scopes where it reports nothing. */
  readonly eligible: number | null;
  /** Missing where it is not known, as in runs before there were parts. */
  readonly eligibleParts?: EligibleParts | undefined;
  readonly synced: number | null;
  readonly newConversations: number;
  readonly updatedConversations: number;
  readonly newMessages: number;
  readonly consentChanges: number;
  /** Messages that the check after the run found missing or surplus, and put right. */
  readonly repaired: number;
  readonly findings: readonly RunFinding[];
  readonly failures: readonly RunFailure[];
  readonly traffic: TrafficSummary;
  readonly took: Milliseconds;
  readonly steps: StepTimes;
  /**
   * Set where the database was not opened: when the sync that found nothing, and whose answers came again,
   * was (shared/probe-baseline.ts).
   */
  readonly asAt?: Milliseconds | undefined;
}

/** The last proof that the store holds everything: a sync of everything that ended without a failure. */
export interface Completeness {
  readonly at: Milliseconds;
  readonly runId: RunId;
  readonly consent: ConsentFilter;
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
        /** When counting began: how fast it goes tells how long it will take. */
        readonly countedSince: Milliseconds;
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
