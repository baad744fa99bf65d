/**
 * Backups that the person makes and imports, each a record before it is work. Guarantees: one at a time;
 * what an earlier life of the background left unfinished is taken up, because making a file anew and
 * importing one again change nothing that was done; a file that cannot be imported whole is not begun.
 */
import { SerialQueue } from '../../shared/concurrency/serial-queue.ts';
import type { ReadyAccount } from '../../shared/account.ts';
import type {
  BackupJob,
  BackupKey,
  BackupSecret,
  BackupState,
  BackupStep,
  CheckedBackup,
  StoredBackupJob,
} from '../../shared/backup.ts';
import { LockstepError, toErrorRecord } from '../../shared/errors.ts';
import type { HistoryOptions } from '../../shared/history.ts';
import type { Milliseconds } from '../../shared/ids.ts';
import type { OwnedStore } from '../../store/owned/store.ts';
import type { DatabaseConnection } from '../connection/database-connection.ts';
import type { Engine } from '../connection/engine.ts';
import type { ArchiveImport } from '../history/import-archive.ts';
import type { AlarmClock } from '../sync/sync-schedule.ts';
import { backupName } from './plan.ts';

export const backupWorkAlarm = 'lockstep-backup-work';
/** Seconds; browsers ring no sooner. */
const soonest = 30;

/** The files that pages and the engine hand to each other, as far as they are backups. */
export interface TransferFolder {
  delete(file: string): Promise<void>;
  /** Deletes files of backups that are not among these and older than a day. */
  tidy(kept: ReadonlySet<string>): Promise<void>;
}

export interface BackupJobsOptions {
  readonly owned: OwnedStore;
  readonly connection: DatabaseConnection;
  readonly archives: ArchiveImport;
  readonly folder: TransferFolder;
  readonly alarms: AlarmClock;
  readonly account: () => Promise<ReadyAccount>;
  readonly newId: () => string;
  readonly now: () => Milliseconds;
  readonly keepAwake: () => () => void;
}

/** More often than this it is not the browser's mood: whatever the job does ends the background. */
export const mostCutOff = 3;
/** Past jobs that are kept for the list. */
const jobsKept = 50;

export class BackupJobs {
  readonly #options: BackupJobsOptions;
  /** Begun in this life: nothing has cut them off. */
  readonly #working = new Set<string>();
  readonly #queue = new SerialQueue();
  #waiting = 0;

  constructor(options: BackupJobsOptions) {
    this.#options = options;
  }

  /** Journals a backup that a page is to save, and starts. Throws bad_backup_key. */
  async make(options: HistoryOptions, secret: BackupSecret): Promise<string> {
    const { connection } = this.#options;
    const key = await connection.use((engine) => engine.call('newBackupKey', { secret }));
    const job = await this.#begin({ kind: 'made', options, key, name: null, file: null });
    void this.alone(() => this.#make(job));
    return job.id;
  }

  /** Reads a file that a page has left, and changes nothing. Throws what is wrong with it. */
  async inspect(file: string, secret: BackupSecret): Promise<CheckedBackup> {
    return this.#options.connection.use(async (engine) => {
      const key = await engine.call('keyOfBackup', { file, secret });
      return engine.call('checkBackup', { file, key });
    });
  }

  /** Journals an import, once the key is known to be one for such a file. Throws as `inspect`. */
  async import(file: string, name: string, secret: BackupSecret): Promise<string> {
    const { connection } = this.#options;
    const key = await connection.use((engine) => engine.call('keyOfBackup', { file, secret }));
    const job = await this.#begin({ kind: 'imported', options: null, key, name, file });
    void this.alone(() => this.#import(job));
    return job.id;
  }

  /** Deletes our copy of a file that was made. */
  async forget(id: string): Promise<void> {
    const { owned, folder } = this.#options;
    const job = await owned.backups.get(id);
    if (job?.state.kind !== 'made') return;
    if (job.file !== null) await folder.delete(job.file);
    await owned.backups.put({ ...job, file: null });
  }

  /** After a start: what was under way then has been cut off. */
  async resume(): Promise<void> {
    const { owned, folder } = this.#options;
    const jobs = await owned.backups.all();
    await folder.tidy(new Set(jobs.flatMap(({ file }) => file ?? [])));
    for (const job of jobs) {
      const isOurs = job.state.kind === 'working' && job.kind !== 'scheduled';
      if (!isOurs || this.#working.has(job.id)) continue;
      const again: StoredBackupJob = { ...job, cutOff: job.cutOff + 1 };
      if (again.cutOff > mostCutOff) {
        await this.#giveUp(again);
        continue;
      }
      this.#working.add(job.id);
      await owned.backups.put(again);
      void this.alone(() => (job.kind === 'made' ? this.#make(again) : this.#import(again)));
    }
  }

  /**
   * Runs work on backups when no other is under way. If the background ends in the middle of it, the alarm
   * wakes the next one.
   */
  async alone<Output>(work: () => Promise<Output>): Promise<Output> {
    const { alarms, keepAwake } = this.#options;
    const sleep = keepAwake();
    this.#waiting++;
    return this.#queue.add(async () => {
      try {
        await alarms.repeat(backupWorkAlarm, soonest);
        return await work();
      } finally {
        this.#waiting--;
        if (this.#waiting === 0) await alarms.stop(backupWorkAlarm).catch(() => undefined);
        sleep();
      }
    });
  }

  /** Makes a file and reads it back. Whoever has it afterwards knows that it can be imported here. */
  async makeAndCheck(
    engine: Engine,
    job: StoredBackupJob & { readonly key: BackupKey; readonly file: string },
  ): Promise<CheckedBackup> {
    const { options, key, file, at } = job;
    if (options === null) throw new LockstepError('bad_input', { detail: 'no options' });
    await engine.call('makeBackup', { file, key, options, madeAt: at });
    await this.step(job, 'checking');
    return engine.call('checkBackup', { file, key });
  }

  async step(job: StoredBackupJob, step: BackupStep, done = 0, total: number | null = null) {
    await this.#options.owned.backups.put({
      ...job,
      state: { kind: 'working', step, done, total },
    });
  }

  /** A record of its own for whoever makes backups. */
  async journal(
    job: Pick<StoredBackupJob, 'kind' | 'options' | 'key'>,
  ): Promise<StoredBackupJob & { readonly file: string }> {
    return this.#begin({ ...job, name: null, file: null });
  }

  async #begin({
    kind,
    options,
    key,
    name,
    file,
  }: Pick<StoredBackupJob, 'kind' | 'options' | 'key'> & {
    readonly name: string | null;
    readonly file: string | null;
  }): Promise<StoredBackupJob & { readonly file: string }> {
    const { owned, account, newId, now } = this.#options;
    const id = newId();
    const at = now();
    const job = {
      id,
      accountId: (await account()).id,
      at,
      kind,
      options,
      name: name ?? backupName(at),
      file: file ?? `backup-made-${id}`,
      checked: null,
      cutOff: 0,
      key,
      state: {
        kind: 'working',
        step: kind === 'imported' ? 'checking' : 'making',
        done: 0,
        total: null,
      },
    } satisfies StoredBackupJob;
    this.#working.add(id);
    await owned.backups.put(job);
    await this.#forgetOldest();
    return job;
  }

  async #make(job: StoredBackupJob): Promise<void> {
    const { key, file } = job;
    if (key === null || file === null) return;
    await this.#finish(job, async (engine) => {
      const checked = await this.makeAndCheck(engine, { ...job, key, file });
      return { checked, state: { kind: 'made' } };
    });
  }

  async #import(job: StoredBackupJob): Promise<void> {
    const { owned, archives, account, folder, now } = this.#options;
    const { key, file } = job;
    if (key === null || file === null) return;
    await this.#finish(job, async (engine) => {
      const checked = await engine.call('checkBackup', { file, key });
      const working: StoredBackupJob = { ...job, checked };
      await owned.backups.put(working);
      const { inboxId } = await account();
      if (checked.facts.inboxId !== inboxId) {
        throw new LockstepError('backup_of_other_inbox', { detail: checked.facts.inboxId });
      }
      const sentBefore = now();
      const before = await engine.call('countHistory', { sentBefore });
      await this.step(working, 'importing');
      await engine.call('importBackup', { file, key });
      await this.step(working, 'storing');
      let told = Promise.resolve();
      const imported = await archives.store(engine, sentBefore, before, ({ done, total }) => {
        told = this.step(working, 'storing', done, total);
      });
      // The end is the last that is written.
      await told;
      await folder.delete(file);
      return { checked, file: null, state: { kind: 'imported', ...imported } };
    });
  }

  /** The key goes with the work. Never rejects. */
  async #finish(
    job: StoredBackupJob,
    work: (engine: Engine) => Promise<Partial<BackupJob> & { readonly state: BackupState }>,
  ): Promise<void> {
    const { owned, connection, folder } = this.#options;
    try {
      const done = await connection.use(work);
      await owned.backups.put({ ...job, ...done, key: null });
    } catch (error) {
      const stored = (await owned.backups.get(job.id)) ?? job;
      await owned.backups.put({
        ...stored,
        key: null,
        file: null,
        state: { kind: 'failed', error: toErrorRecord(error) },
      });
      if (job.file !== null) await folder.delete(job.file);
    } finally {
      this.#working.delete(job.id);
    }
  }

  async #giveUp(job: StoredBackupJob): Promise<void> {
    const { owned, folder } = this.#options;
    await owned.backups.put({ ...job, key: null, file: null, state: { kind: 'interrupted' } });
    if (job.file !== null) await folder.delete(job.file);
  }

  async #forgetOldest(): Promise<void> {
    const { owned, folder } = this.#options;
    const jobs = await owned.backups.all();
    const past = jobs.filter(({ state }) => state.kind !== 'working');
    for (const { id, file } of past.slice(0, Math.max(0, jobs.length - jobsKept))) {
      if (file !== null) await folder.delete(file);
      await owned.backups.delete(id);
    }
  }
}
