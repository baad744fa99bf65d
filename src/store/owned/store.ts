/** The write half of the owned database, by aggregate. */
import { OwnedAccount } from './account.ts';
import type { OwnedContext } from './aggregate.ts';
import { OwnedBackups, OwnedBackupSchedule } from './backups.ts';
import { OwnedConnection, OwnedProbeBaseline } from './connection.ts';
import { OwnedConsentIntents } from './consent-intents.ts';
import { OwnedArchives, OwnedHistory } from './history.ts';
import { OwnedLive } from './live.ts';
import { OwnedOutbox } from './outbox.ts';
import { OwnedPins } from './pins.ts';
import { OwnedReadPositions } from './read-positions.ts';
import { OwnedRebuild } from './rebuild.ts';
import { OwnedRuns } from './runs.ts';
import { OwnedSchedule } from './schedule.ts';
import { OwnedSettings } from './settings.ts';
import { OwnedSignatureRequest } from './signature-request.ts';
import { OwnedTransfers } from './transfers.ts';
import { OwnedWalletLink } from './wallet-link.ts';

export interface OwnedStore {
  readonly account: OwnedAccount;
  readonly signatureRequest: OwnedSignatureRequest;
  readonly walletLink: OwnedWalletLink;
  readonly settings: OwnedSettings;
  readonly connection: OwnedConnection;
  readonly probeBaseline: OwnedProbeBaseline;
  readonly schedule: OwnedSchedule;
  readonly runs: OwnedRuns;
  readonly live: OwnedLive;
  readonly rebuild: OwnedRebuild;
  readonly outbox: OwnedOutbox;
  readonly consentIntents: OwnedConsentIntents;
  readonly readPositions: OwnedReadPositions;
  readonly pins: OwnedPins;
  readonly history: OwnedHistory;
  readonly archives: OwnedArchives;
  readonly transfers: OwnedTransfers;
  readonly backups: OwnedBackups;
  readonly backupSchedule: OwnedBackupSchedule;
}

export function createOwnedStore(context: OwnedContext): OwnedStore {
  return {
    account: new OwnedAccount(context),
    signatureRequest: new OwnedSignatureRequest(context),
    walletLink: new OwnedWalletLink(context),
    settings: new OwnedSettings(context),
    connection: new OwnedConnection(context),
    probeBaseline: new OwnedProbeBaseline(context),
    schedule: new OwnedSchedule(context),
    runs: new OwnedRuns(context),
    live: new OwnedLive(context),
    rebuild: new OwnedRebuild(context),
    outbox: new OwnedOutbox(context),
    consentIntents: new OwnedConsentIntents(context),
    readPositions: new OwnedReadPositions(context),
    pins: new OwnedPins(context),
    history: new OwnedHistory(context),
    archives: new OwnedArchives(context),
    transfers: new OwnedTransfers(context),
    backups: new OwnedBackups(context),
    backupSchedule: new OwnedBackupSchedule(context),
  };
}
