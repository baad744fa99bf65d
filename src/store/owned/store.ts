/** The write half of the owned database. Every write is announced after its commit. */
import type { Account } from '../../shared/account.ts';
import type { KnownArchives, Transfer } from '../../shared/archive.ts';
import type { StoredBackupJob, StoredBackupSchedule } from '../../shared/backup.ts';
import type { ConnectionStatus } from '../../shared/connection-status.ts';
import type { Rebuild } from '../../shared/database.ts';
import type { HistoryRequest } from '../../shared/history.ts';
import { neverLive, type LiveStatus } from '../../shared/live-status.ts';
import type {
  AccountId,
  ConversationId,
  HistoryRequestId,
  Milliseconds,
  OutboxId,
  RunId,
} from '../../shared/ids.ts';
import type { OutboxEntry } from '../../shared/outbox.ts';
import type { ProbeBaseline } from '../../shared/probe-baseline.ts';
import type { Completeness, Run, RunState } from '../../shared/run.ts';
import { defaultSettings, type Settings } from '../../shared/settings.ts';
import type { OwnedDatabase } from '../database.ts';
import { ownedValue, runsInState } from '../reader-queries.ts';
import type { StoreChange, StoreTopic } from '../reader.ts';
import { noBackupSchedule } from './backup-schedule.ts';
import { ofAccount, putPin } from './pins.ts';
import { addRun, endRun } from './runs.ts';
import { initialSchedule, type ScheduleState, type ScheduleChange } from './schedule-state.ts';
import type { ConsentIntent, OwnedValues, Pin } from './schema.ts';

export class OwnedStore {
  readonly #open: () => Promise<OwnedDatabase>;
  readonly #announce: (change: StoreChange) => void;

  constructor(open: () => Promise<OwnedDatabase>, announce: (change: StoreChange) => void) {
    this.#open = open;
    this.#announce = announce;
  }

  async account(): Promise<Account | null> {
    return (await ownedValue(await this.#open(), 'account')) ?? null;
  }

  putAccount(account: Account): Promise<void> {
    return this.#putValue('account', account, 'account');
  }

  /** Forgets the account with everything that belongs to it in this database. Settings stay. */
  async deleteAccount(): Promise<void> {
    const database = await this.#open();
    const stores = [
      'runs',
      'history',
      'transfers',
      'backups',
      'outbox',
      'consentIntents',
      'readPositions',
      'pins',
    ] as const;
    const values = [
      'account',
      'connection',
      'probeBaseline',
      'schedule',
      'live',
      'completeness',
      'rebuild',
      'archives',
      'backupSchedule',
    ] as const;
    const transaction = database.transaction(['values', ...stores], 'readwrite');
    await Promise.all([
      ...values.map((key) => transaction.objectStore('values').delete(key)),
      ...stores.map((name) => transaction.objectStore(name).clear()),
      transaction.done,
    ]);
    this.#tell(
      'account',
      'connection',
      'runs',
      'history',
      'backups',
      'outbox',
      'conversations',
      'pins',
    );
  }

  async settings(): Promise<Settings> {
    return { ...defaultSettings, ...(await ownedValue(await this.#open(), 'settings')) };
  }

  putSettings(settings: Settings): Promise<void> {
    return this.#putValue('settings', settings, 'settings');
  }

  async connection(): Promise<ConnectionStatus | null> {
    return (await ownedValue(await this.#open(), 'connection')) ?? null;
  }

  /** In one commit: what a closed engine vouched for ends when anything else becomes of the connection. */
  async putConnection(
    connection: ConnectionStatus,
    baseline: ProbeBaseline | null | 'as before' = null,
  ): Promise<void> {
    const transaction = (await this.#open()).transaction('values', 'readwrite');
    const work: Promise<unknown>[] = [transaction.store.put(connection, 'connection')];
    if (baseline === null) work.push(transaction.store.delete('probeBaseline'));
    else if (baseline !== 'as before') work.push(transaction.store.put(baseline, 'probeBaseline'));
    await Promise.all([...work, transaction.done]);
    this.#tell('connection');
  }

  async probeBaseline(): Promise<ProbeBaseline | null> {
    return (await ownedValue(await this.#open(), 'probeBaseline')) ?? null;
  }

  async forgetProbeBaseline(): Promise<void> {
    await (await this.#open()).delete('values', 'probeBaseline');
  }

  async schedule(): Promise<ScheduleState> {
    return { ...initialSchedule, ...(await ownedValue(await this.#open(), 'schedule')) };
  }

  /** Reads and writes in one transaction: several parts of the background change it. */
  async changeSchedule(change: ScheduleChange): Promise<void> {
    const transaction = (await this.#open()).transaction('values', 'readwrite');
    const stored = (await transaction.store.get('schedule')) as ScheduleState | undefined;
    await transaction.store.put(change({ ...initialSchedule, ...stored }), 'schedule');
    await transaction.done;
    this.#tell('schedule');
  }

  async live(): Promise<LiveStatus> {
    return (await ownedValue(await this.#open(), 'live')) ?? neverLive;
  }

  putLive(live: LiveStatus): Promise<void> {
    return this.#putValue('live', live, 'connection');
  }

  async rebuild(): Promise<Rebuild | null> {
    return (await ownedValue(await this.#open(), 'rebuild')) ?? null;
  }

  putRebuild(rebuild: Rebuild): Promise<void> {
    return this.#putValue('rebuild', rebuild, 'connection');
  }

  async run(id: RunId): Promise<Run | null> {
    return (await (await this.#open()).get('runs', id)) ?? null;
  }

  /** Oldest request first. */
  async runsInState(state: RunState): Promise<readonly Run[]> {
    return runsInState(await this.#open(), state);
  }

  /** Writes a run as it now is. */
  async putRun(run: Run): Promise<void> {
    await (await this.#open()).put('runs', run);
    this.#tell('runs');
  }

  /**
   * Writes how a run ended, with all that follows from it, in one transaction.
   * @param completeness what it proves; null leaves the last proof as it is.
   */
  async endRun(run: Run, change: ScheduleChange, completeness: Completeness | null): Promise<void> {
    await endRun(await this.#open(), run, change, completeness);
    this.#tell('runs', 'schedule');
  }

  /** Adds a run and forgets the oldest beyond what is kept. */
  async addRun(run: Run): Promise<void> {
    await addRun(await this.#open(), run);
    this.#tell('runs');
  }

  async outboxEntry(id: OutboxId): Promise<OutboxEntry | null> {
    return (await (await this.#open()).get('outbox', id)) ?? null;
  }

  /** Every entry, oldest first within its conversation. */
  async outbox(): Promise<readonly OutboxEntry[]> {
    return (await this.#open()).getAllFromIndex('outbox', 'byConversation');
  }

  async putOutboxEntry(entry: OutboxEntry): Promise<void> {
    await (await this.#open()).put('outbox', entry);
    this.#announce({ topics: ['outbox'], conversationIds: [entry.conversationId] });
  }

  async deleteOutboxEntry(entry: Pick<OutboxEntry, 'id' | 'conversationId'>): Promise<void> {
    await (await this.#open()).delete('outbox', entry.id);
    this.#announce({ topics: ['outbox'], conversationIds: [entry.conversationId] });
  }

  async historyRequest(id: HistoryRequestId): Promise<HistoryRequest | null> {
    return (await (await this.#open()).get('history', id)) ?? null;
  }

  /** Oldest first. */
  async historyRequests(): Promise<readonly HistoryRequest[]> {
    return (await this.#open()).getAllFromIndex('history', 'byRequest');
  }

  async putHistoryRequest(request: HistoryRequest): Promise<void> {
    await (await this.#open()).put('history', request);
    this.#tell('history');
  }

  /**
   * Changes a request as it now is, in one transaction: the person may end it while a job works on it.
   * Answers what is stored then; null where there is none.
   */
  async changeHistoryRequest(
    id: HistoryRequestId,
    change: (request: HistoryRequest) => HistoryRequest,
  ): Promise<HistoryRequest | null> {
    const transaction = (await this.#open()).transaction('history', 'readwrite');
    const stored = await transaction.store.get(id);
    const changed = stored === undefined ? null : change(stored);
    if (changed !== null) await transaction.store.put(changed);
    await transaction.done;
    this.#tell('history');
    return changed;
  }

  /** Oldest first. */
  async transfers(): Promise<readonly Transfer[]> {
    return (await this.#open()).getAllFromIndex('transfers', 'byTime');
  }

  async putTransfer(transfer: Transfer): Promise<void> {
    await (await this.#open()).put('transfers', transfer);
    this.#tell('history');
  }

  putArchives(archives: KnownArchives): Promise<void> {
    return this.#putValue('archives', archives, 'history');
  }

  async backupJob(id: string): Promise<StoredBackupJob | null> {
    return (await (await this.#open()).get('backups', id)) ?? null;
  }

  /** Oldest first. */
  async backupJobs(): Promise<readonly StoredBackupJob[]> {
    return (await this.#open()).getAllFromIndex('backups', 'byTime');
  }

  async putBackupJob(job: StoredBackupJob): Promise<void> {
    await (await this.#open()).put('backups', job);
    this.#tell('backups');
  }

  async deleteBackupJob(id: string): Promise<void> {
    await (await this.#open()).delete('backups', id);
    this.#tell('backups');
  }

  async backupSchedule(): Promise<StoredBackupSchedule> {
    return (await ownedValue(await this.#open(), 'backupSchedule')) ?? noBackupSchedule;
  }

  /** Reads and writes in one transaction: the person may change it while a backup is being made. */
  async changeBackupSchedule(
    change: (schedule: StoredBackupSchedule) => StoredBackupSchedule,
  ): Promise<StoredBackupSchedule> {
    const transaction = (await this.#open()).transaction('values', 'readwrite');
    const stored = (await transaction.store.get('backupSchedule')) as
      StoredBackupSchedule | undefined;
    const changed = change(stored ?? noBackupSchedule);
    await transaction.store.put(changed, 'backupSchedule');
    await transaction.done;
    this.#tell('backups');
    return changed;
  }

  async consentIntents(): Promise<readonly ConsentIntent[]> {
    return (await this.#open()).getAll('consentIntents');
  }

  async putConsentIntent(intent: ConsentIntent): Promise<void> {
    await (await this.#open()).put('consentIntents', intent);
  }

  /** Forgets an intent, unless the person has changed their mind since. */
  async settleConsentIntent(intent: ConsentIntent): Promise<void> {
    const transaction = (await this.#open()).transaction('consentIntents', 'readwrite');
    const stored = await transaction.store.get(intent.conversationId);
    if (stored?.consent === intent.consent) await transaction.store.delete(intent.conversationId);
    await transaction.done;
  }

  /** All read positions of an account. */
  async readPositions(accountId: AccountId): Promise<ReadonlyMap<ConversationId, Milliseconds>> {
    const positions = await (await this.#open()).getAll('readPositions', ofAccount(accountId));
    return new Map(positions.map(({ conversationId, until }) => [conversationId, until]));
  }

  /** Moves a read position forward; an earlier one changes nothing. Answers where it is now. */
  async advanceReadPosition(
    accountId: AccountId,
    conversationId: ConversationId,
    until: Milliseconds,
  ): Promise<Milliseconds> {
    const transaction = (await this.#open()).transaction('readPositions', 'readwrite');
    const stored = await transaction.store.get([accountId, conversationId]);
    const position = Math.max(until, stored?.until ?? 0);
    await transaction.store.put({ accountId, conversationId, until: position });
    await transaction.done;
    return position;
  }

  /** In no particular order. */
  async pins(accountId: AccountId): Promise<readonly Pin[]> {
    return (await this.#open()).getAll('pins', ofAccount(accountId));
  }

  /**
   * Pins a conversation. When all `places` are taken, the oldest pin that `mayGo` gives its place up.
   * Answers false where there is none and nothing was pinned.
   */
  async putPin(pin: Pin, places: number, mayGo: (pin: Pin) => boolean): Promise<boolean> {
    if (!(await putPin(await this.#open(), pin, places, mayGo))) return false;
    this.#announce({ topics: ['pins'], conversationIds: [pin.conversationId] });
    return true;
  }

  async deletePin(accountId: AccountId, conversationId: ConversationId): Promise<void> {
    await (await this.#open()).delete('pins', [accountId, conversationId]);
    this.#announce({ topics: ['pins'], conversationIds: [conversationId] });
  }

  async #putValue<Key extends keyof OwnedValues>(
    key: Key,
    value: OwnedValues[Key],
    topic: StoreTopic | null,
  ): Promise<void> {
    await (await this.#open()).put('values', value, key);
    if (topic !== null) this.#tell(topic);
  }

  #tell(...topics: StoreTopic[]): void {
    this.#announce({ topics, conversationIds: null });
  }
}
