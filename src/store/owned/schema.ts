/**
 * The owned database: what only this browser knows. It is migrated step by step and never thrown away.
 * Shapes of older versions are frozen in `migrations/`; this file describes the newest one.
 */
import type { DBSchema } from 'idb';
import type { Account } from '../../shared/account.ts';
import type { KnownArchives, Transfer } from '../../shared/archive.ts';
import type { StoredBackupJob, StoredBackupSchedule } from '../../shared/backup.ts';
import type { ConnectionStatus } from '../../shared/connection-status.ts';
import type { ConsentState } from '../../shared/consent.ts';
import type { Rebuild } from '../../shared/database.ts';
import type { HistoryRequest } from '../../shared/history.ts';
import type {
  AccountId,
  ConversationId,
  HistoryRequestId,
  Milliseconds,
  OutboxId,
  RunId,
} from '../../shared/ids.ts';
import type { LiveStatus } from '../../shared/live-status.ts';
import type { OutboxEntry } from '../../shared/outbox.ts';
import type { ProbeBaseline } from '../../shared/probe-baseline.ts';
import type { Completeness, Run, RunState } from '../../shared/run.ts';
import type { Settings } from '../../shared/settings.ts';
import type { ScheduleState } from './schedule-state.ts';

export const ownedDatabaseName = 'lockstep';

/** Single records by name: each key holds one value of its own type. */
export interface OwnedValues {
  readonly account: Account;
  readonly settings: Settings;
  readonly connection: ConnectionStatus;
  /** Only as long as the database has been closed since. */
  readonly probeBaseline: ProbeBaseline;
  readonly schedule: ScheduleState;
  readonly live: LiveStatus;
  readonly completeness: Completeness;
  readonly rebuild: Rebuild;
  readonly archives: KnownArchives;
  readonly backupSchedule: StoredBackupSchedule;
}

/** A consent state that the person chose and libxmtp has not been told yet. */
export interface ConsentIntent {
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly consent: ConsentState;
}

export interface ReadPosition {
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly until: Milliseconds;
}

/** A conversation that the person wants to find at the top. */
export interface Pin {
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly pinnedAt: Milliseconds;
}

export interface OwnedSchema extends DBSchema {
  values: { key: keyof OwnedValues; value: OwnedValues[keyof OwnedValues] };
  runs: {
    key: RunId;
    value: Run;
    indexes: { byRequest: [Milliseconds, RunId]; byState: RunState };
  };
  history: {
    key: HistoryRequestId;
    value: HistoryRequest;
    indexes: { byRequest: Milliseconds };
  };
  transfers: {
    key: string;
    value: Transfer;
    indexes: { byTime: Milliseconds };
  };
  backups: { key: string; value: StoredBackupJob; indexes: { byTime: Milliseconds } };
  outbox: {
    key: OutboxId;
    value: OutboxEntry;
    indexes: { byConversation: [ConversationId, Milliseconds] };
  };
  consentIntents: { key: ConversationId; value: ConsentIntent };
  readPositions: { key: [AccountId, ConversationId]; value: ReadPosition };
  pins: { key: [AccountId, ConversationId]; value: Pin };
}
