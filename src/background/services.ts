/** Everything that the background consists of, put together in one place. */
import { newId, type ConversationId, type Milliseconds } from '../shared/ids.ts';
import { endpointsOf } from '../shared/network-choice.ts';
import { openStoreReader } from '../store/read.ts';
import { withReconcileDue } from '../store/owned/full-reconcile.ts';
import { openStore, type Store } from '../store/write.ts';
import { Accounts } from './accounts/accounts.ts';
import { openInputOf } from './accounts/open-input.ts';
import { Signatures } from './accounts/signatures.ts';
import type { SigningKeyMemory } from './accounts/signing-key.ts';
import { BackupJobs, type TransferFolder } from './backups/jobs.ts';
import { ScheduledBackups, type Downloads } from './backups/scheduled-backups.ts';
import { DatabaseConnection } from './connection/database-connection.ts';
import type { EngineHost } from './connection/engine-host.ts';
import { Consent } from './consent/consent.ts';
import { PopupSnapshots, type SnapshotStorage } from './popup-snapshot/popup-snapshots.ts';
import { readPopupSnapshot } from './popup-snapshot/read-popup-snapshot.ts';
import { ArchiveImport } from './history/import-archive.ts';
import { HistoryRequests } from './history/requests.ts';
import { Serving } from './history/serving.ts';
import { Transfers } from './history/transfers.ts';
import { Outbox } from './outbox/outbox.ts';
import { Pins } from './pins/pins.ts';
import { createUnreadKeeper } from './read-state/unread.ts';
import { DatabaseCare } from './storage/database-care.ts';
import { afterRun, meaningOf } from './sync/after-run.ts';
import { probeFreshness } from './sync/freshness-probe.ts';
import { executeRun } from './sync/execute.ts';
import { LiveMode } from './live/live-mode.ts';
import { Runner } from './sync/runner.ts';
import { allOf, SyncSchedule, type AlarmClock, type NetworkState } from './sync/sync-schedule.ts';
import type { StoredChanges } from './sync/store-changes.ts';
import { StoreUpdates } from './sync/store-updates.ts';
import type { PageAccess } from './wallet/page-access.ts';
import { Wallets } from './wallet/wallets.ts';

/** What the browser gives; `platform/` makes it. */
export interface Platform {
  readonly engineHost: EngineHost;
  readonly alarms: AlarmClock;
  readonly network: NetworkState;
  readonly downloads: Downloads;
  readonly transferFolder: TransferFolder;
  readonly popupSnapshotStorage: SnapshotStorage;
  readonly signingKeys: SigningKeyMemory;
  readonly pages: PageAccess;
  readonly keepAwake: () => () => void;
  /** Milliseconds since 1970. */
  readonly now: () => Milliseconds;
  /** 0 up to, but not including, 1. */
  readonly random: () => number;
}

export interface Services {
  readonly store: Store;
  readonly connection: DatabaseConnection;
  readonly accounts: Accounts;
  readonly signatures: Signatures;
  readonly wallets: Wallets;
  readonly updates: StoreUpdates;
  readonly runner: Runner;
  readonly schedule: SyncSchedule;
  readonly consent: Consent;
  readonly outbox: Outbox;
  readonly pins: Pins;
  readonly history: HistoryRequests;
  readonly serving: Serving;
  readonly transfers: Transfers;
  readonly backups: BackupJobs;
  readonly scheduledBackups: ScheduledBackups;
  readonly live: LiveMode;
  readonly databaseCare: DatabaseCare;
  readonly popupSnapshots: PopupSnapshots;
}

/** Composes the services. Nothing runs until it is asked to. */
export function createServices(platform: Platform): Services {
  const { engineHost, alarms, network, downloads, transferFolder: folder, keepAwake } = platform;
  const { now, random } = platform;
  const reader = openStoreReader();
  const popupSnapshots = new PopupSnapshots({
    read: () => readPopupSnapshot(reader),
    storage: platform.popupSnapshotStorage,
  });
  reader.subscribe((change) => popupSnapshots.changed(change));
  const store = openStore({ hiding: popupSnapshots.hide });
  const { owned } = store;
  const ready = () => accounts.ready();

  const connection = new DatabaseConnection({
    host: engineHost,
    record: {
      read: () => owned.connection.read(),
      write: (connectionRecord, baseline) => owned.connection.put(connectionRecord, baseline),
      beforeMaintenance: () => owned.probeBaseline.delete(),
    },
    openInput: async () =>
      openInputOf(await accounts.current(), (await owned.settings.read()).serveHistory),
    idleTime: async () => (await owned.settings.read()).idleClose * 1000,
    onUncleanStart: async () => {
      await owned.schedule.change((schedule) => withReconcileDue(schedule, { thorough: true }));
    },
    keepAwake,
    now,
  });

  const updates = new StoreUpdates(store, ready);
  const runner: Runner = new Runner({
    owned,
    account: () => accounts.current(),
    execute: (run, onProgress, note) =>
      executeRun(
        {
          store,
          updates,
          connection,
          account: ready,
          tellConsent: () => consent.carryOut(),
          probeFreshness: (probed, onAsk) =>
            probeFreshness({ owned, connection, account: ready, fetch, now }, probed, onAsk),
          now,
        },
        run,
        onProgress,
        note,
      ),
    meaningOf: (run) => meaningOf(schedule, run),
    onEnd: (run) => afterRun({ schedule, live, history, serving, scheduledBackups, outbox }, run),
    newRunId: newId,
    now,
    keepAwake,
  });
  const schedule = new SyncSchedule({ owned, runner, alarms, network, now, random });
  const fetchMessages = (conversationId: ConversationId) =>
    runner.request({ scope: { kind: 'conversation', conversationId }, trigger: 'consent' });

  const live = new LiveMode({
    owned,
    connection,
    updates,
    catchUp: async () =>
      runner.request({ scope: allOf(await owned.settings.read()), trigger: 'live' }),
    onStored: async ({ newlyAllowed, newMessages, newConversations }: StoredChanges) => {
      for (const id of newlyAllowed) await fetchMessages(id);
      if (newMessages > 0 || newConversations > 0) await schedule.noteActivity();
      await scheduledBackups.noteMessages(newMessages);
    },
    keepAwake,
    now,
    random,
  });

  const consent: Consent = new Consent({
    store,
    connection,
    account: ready,
    onAllowed: async (conversationId) => {
      await fetchMessages(conversationId);
      live.restart();
    },
    readingsSettled: () => updates.settled(),
    keepAwake,
  });
  const outbox: Outbox = new Outbox({
    store,
    connection,
    account: ready,
    newOutboxId: newId,
    onSent: async () => {
      await schedule.noteActivity();
      await scheduledBackups.noteMessages(1);
    },
    now,
    keepAwake,
  });
  const pins = new Pins({ store, account: ready, now });
  const archives = new ArchiveImport({
    owned,
    updates,
    unread: createUnreadKeeper(store, ready),
    catchUp: async () =>
      runner.request({ scope: allOf(await owned.settings.read()), trigger: 'history' }),
  });
  const historyServer = async () => endpointsOf((await ready()).network).historyUrl;
  const history = new HistoryRequests({
    owned,
    connection,
    archives,
    alarms,
    account: ready,
    historyServer,
    newRequestId: newId,
    now,
    keepAwake,
  });
  const transfers = new Transfers({
    owned,
    connection,
    archives,
    account: ready,
    historyServer,
    newTransferId: () => crypto.randomUUID(),
    now,
  });
  const backups = new BackupJobs({
    owned,
    connection,
    archives,
    folder,
    alarms,
    account: ready,
    newId: () => crypto.randomUUID(),
    now,
    keepAwake,
  });
  const scheduledBackups = new ScheduledBackups({
    owned,
    connection,
    jobs: backups,
    downloads,
    folder,
    alarms,
    now,
  });
  const serving = new Serving({ owned, connection, account: ready, now });

  const signatures = new Signatures({ owned, keys: platform.signingKeys, now });
  const accounts: Accounts = new Accounts({
    store,
    connection,
    signatures,
    newAccountId: newId,
    now,
    onReady: async () => {
      await wallets.cancel();
      await schedule.arm();
      await runner.request({ scope: allOf(await owned.settings.read()), trigger: 'setup' });
      await live.apply();
    },
  });

  const wallets: Wallets = new Wallets({
    owned,
    accounts,
    signatures,
    pages: platform.pages,
    newSessionId: () => crypto.randomUUID(),
    keepAwake,
    now,
  });

  const databaseCare = new DatabaseCare({
    store,
    connection,
    updates,
    account: ready,
    register: () => accounts.resume(),
    newDatabaseName: () => `lockstep-${crypto.randomUUID()}.db3`,
    keepAwake,
    now,
  });

  return {
    store,
    connection,
    accounts,
    signatures,
    wallets,
    updates,
    runner,
    schedule,
    consent,
    outbox,
    pins,
    history,
    serving,
    transfers,
    backups,
    scheduledBackups,
    live,
    databaseCare,
    popupSnapshots,
  };
}
