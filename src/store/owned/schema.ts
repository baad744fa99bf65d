/**
 * The owned database: what only this browser knows. It is migrated step by step and never thrown away.
 * Each aggregate declares its own part; shapes of older versions are frozen in `migrations/`.
 */
import type { DBSchema } from 'idb';
import type { AccountValues } from './account.ts';
import type { BackupStores, BackupValues } from './backups.ts';
import type { ConnectionValues } from './connection.ts';
import type { ConsentIntentStores } from './consent-intents.ts';
import type { HistoryStores, HistoryValues } from './history.ts';
import type { LiveValues } from './live.ts';
import type { OutboxStores } from './outbox.ts';
import type { PinStores } from './pins.ts';
import type { ReadPositionStores } from './read-positions.ts';
import type { RebuildValues } from './rebuild.ts';
import type { RunStores, RunValues } from './runs.ts';
import type { ScheduleValues } from './schedule.ts';
import type { SettingsValues } from './settings.ts';
import type { SignatureRequestValues } from './signature-request.ts';
import type { TransferStores } from './transfers.ts';
import type { WalletLinkValues } from './wallet-link.ts';

export const ownedDatabaseName = 'lockstep';

/** Single records by name: each key holds one value of its own type. */
export interface OwnedValues
  extends
    AccountValues,
    BackupValues,
    ConnectionValues,
    HistoryValues,
    LiveValues,
    RebuildValues,
    RunValues,
    ScheduleValues,
    SettingsValues,
    SignatureRequestValues,
    WalletLinkValues {}

interface OwnedStores
  extends
    BackupStores,
    ConsentIntentStores,
    HistoryStores,
    OutboxStores,
    PinStores,
    ReadPositionStores,
    RunStores,
    TransferStores {}

/** The object stores of records of which there are many. */
export type OwnedStoreName = keyof OwnedStores;

export interface OwnedSchema extends DBSchema, OwnedStores {
  values: { key: keyof OwnedValues; value: OwnedValues[keyof OwnedValues] };
}
