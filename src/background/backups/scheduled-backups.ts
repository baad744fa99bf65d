/**
 * Backups that are made by themselves, into the downloads folder. Guarantees: never two at once; a file is
 * read back before it is saved, and one counts only once the browser says that it is saved whole; only
 * files that the schedule made are ever deleted; whatever fails is said, changes no setting, and is tried
 * again later.
 */
import { SingleFlight } from '../../shared/concurrency/single-flight.ts';
import type {
  BackupKey,
  BackupPlan,
  BackupSecret,
  SavedBackup,
  StoredBackupJob,
  StoredBackupSchedule,
} from '../../shared/backup.ts';
import { noBackupSchedule } from '../../store/owned/backup-schedule.ts';
import { LockstepError, toErrorRecord } from '../../shared/errors.ts';
import type { Milliseconds } from '../../shared/ids.ts';
import type { OwnedStore } from '../../store/owned/store.ts';
import type { DatabaseConnection } from '../connection/database-connection.ts';
import type { Engine } from '../connection/engine.ts';
import type { AlarmClock } from '../sync/sync-schedule.ts';
import { mostCutOff, type BackupJobs, type TransferFolder } from './jobs.ts';
import { isDue, waitAfterFailure } from './plan.ts';

export const backupAlarm = 'lockstep-backup';
/** Seconds between looks whether a backup is due; nothing is opened for a look. */
const lookEvery = 30 * 60;
/** A folder of its own inside the downloads folder. */
const folderName = 'Lockstep';

/** The browser's downloads, as far as backups need them. */
export interface Downloads {
  isAllowed(): Promise<boolean>;
  /**
   * Saves what lies at an address under a path inside the downloads folder, and settles when it is there.
   * Throws download_cancelled, download_failed, storage_full, downloads_not_allowed.
   */
  save(url: string, path: string): Promise<Omit<SavedBackup, 'name' | 'at'>>;
  /** Deletes a file that was saved. `lost`: the browser no longer knows it, so it may still be there. */
  remove(file: Pick<SavedBackup, 'downloadId' | 'path'>): Promise<'gone' | 'lost'>;
  /** Saved files of this name that the browser knows: what is left of a save that was cut off. */
  find(name: string): Promise<readonly Pick<SavedBackup, 'downloadId' | 'path'>[]>;
}

export interface ScheduledBackupsOptions {
  readonly owned: OwnedStore;
  readonly connection: DatabaseConnection;
  readonly jobs: BackupJobs;
  readonly downloads: Downloads;
  readonly folder: TransferFolder;
  readonly alarms: AlarmClock;
  readonly now: () => Milliseconds;
}

export class ScheduledBackups {
  readonly #options: ScheduledBackupsOptions;
  readonly #making = new SingleFlight();

  constructor(options: ScheduledBackupsOptions) {
    this.#options = options;
  }

  /**
   * Switches the schedule on or changes it; `secret` is null to keep the passphrase. The first backup is
   * made at once. Throws downloads_not_allowed, and then nothing has changed.
   */
  async set(plan: BackupPlan, secret: BackupSecret | null): Promise<void> {
    const { owned, connection, downloads, now } = this.#options;
    if (!(await downloads.isAllowed())) throw new LockstepError('downloads_not_allowed');
    const key =
      secret === null
        ? (await owned.backupSchedule.read()).key
        : await connection.use((engine) => engine.call('newBackupKey', { secret }));
    if (key === null) throw new LockstepError('bad_input', { detail: 'no passphrase' });
    await owned.backupSchedule.change((schedule) => ({
      ...schedule,
      plan,
      key,
      since: schedule.plan === null ? now() : schedule.since,
      // Another passphrase makes a first file at once, too.
      lastAt: schedule.plan === null || secret !== null ? null : schedule.lastAt,
      problem: null,
      failures: 0,
      retryAt: 0,
    }));
    await this.look();
  }

  /** Switches it off. The files stay, and so does what is known of them. */
  async stop(): Promise<void> {
    await this.#options.owned.backupSchedule.change(({ files, left }) => ({
      ...noBackupSchedule,
      files,
      left,
    }));
    await this.#arm();
  }

  /** Makes one now, also where none is due. Throws bad_input while the schedule is off. */
  async now(): Promise<void> {
    const { plan } = await this.#options.owned.backupSchedule.read();
    if (plan === null) throw new LockstepError('bad_input', { detail: 'the schedule is off' });
    this.#start();
  }

  /** Makes one if it is due: an alarm rang, or messages came. */
  async look(): Promise<void> {
    const { owned, now } = this.#options;
    await this.#arm();
    if (isDue(await owned.backupSchedule.read(), now())) this.#start();
  }

  /** Messages came in or went out. */
  async noteMessages(count: number): Promise<void> {
    const { owned } = this.#options;
    if (count === 0 || (await owned.backupSchedule.read()).plan === null) return;
    await owned.backupSchedule.change((schedule) => ({
      ...schedule,
      newMessages: schedule.newMessages + count,
    }));
    await this.look();
  }

  /** After a start: what was cut off is marked, what is left of it goes, and it is made anew. */
  async resume(): Promise<void> {
    const { owned, downloads, folder } = this.#options;
    let wasCutOff = false;
    for (const job of await owned.backups.all()) {
      if (job.kind !== 'scheduled' || job.state.kind !== 'working' || this.#making.isUnderWay) {
        continue;
      }
      wasCutOff = true;
      const { files } = await owned.backupSchedule.read();
      for (const rest of await downloads.find(job.name)) {
        if (!files.some(({ path }) => path === rest.path)) await downloads.remove(rest);
      }
      if (job.file !== null) await folder.delete(job.file);
      await owned.backups.put({ ...job, file: null, key: null, state: { kind: 'interrupted' } });
    }
    if (wasCutOff) await this.#noteCutOff();
    await this.look();
  }

  /** Settles when none is being made any more. */
  settled(): Promise<void> {
    return this.#making.settled();
  }

  /** It is made anew at once, but not for ever: making it may be what ends the background. */
  async #noteCutOff(): Promise<void> {
    const { owned, now } = this.#options;
    const { plan, failures } = await owned.backupSchedule.change((schedule) => {
      const failures = schedule.failures + 1;
      const wait = failures > mostCutOff ? waitAfterFailure(failures) : 0;
      return { ...schedule, failures, retryAt: now() + wait };
    });
    if (plan !== null && failures <= mostCutOff) this.#start();
  }

  #start(): void {
    const { jobs } = this.#options;
    const isFirst = !this.#making.isUnderWay;
    const making = this.#making.run(() =>
      // Where the store itself failed, the next start resumes it.
      jobs.alone(() => this.#make()).catch(() => undefined),
    );
    // Messages may have come meanwhile, or another passphrase been chosen.
    if (isFirst) void making.then(() => this.look()).catch(() => undefined);
  }

  async #make(): Promise<void> {
    const { owned, connection, jobs, downloads, folder, now } = this.#options;
    const { plan, key, newMessages } = await owned.backupSchedule.read();
    if (plan === null || key === null) return;
    const job = await jobs.journal({ kind: 'scheduled', options: plan.options, key });
    try {
      if (!(await downloads.isAllowed())) throw new LockstepError('downloads_not_allowed');
      const { checked, saved } = await connection.use(async (engine) => {
        const made = await jobs.makeAndCheck(engine, { ...job, key });
        await jobs.step({ ...job, checked: made }, 'saving');
        return { checked: made, saved: await this.#save(engine, job, made.bytes) };
      });
      await owned.backupSchedule.change((schedule) => ({
        ...schedule,
        lastAt: isSameKey(schedule.key, key) ? job.at : schedule.lastAt,
        newMessages: Math.max(0, schedule.newMessages - newMessages),
        problem: null,
        failures: 0,
        retryAt: 0,
        files: [saved, ...schedule.files],
      }));
      await owned.backups.put({
        ...job,
        key: null,
        file: null,
        checked,
        state: { kind: 'saved' },
      });
      await this.#removeOldest(plan.keep);
    } catch (thrown) {
      const error = toErrorRecord(thrown);
      await owned.backupSchedule.change((schedule) => ({
        ...schedule,
        problem: error,
        failures: schedule.failures + 1,
        retryAt: now() + waitAfterFailure(schedule.failures + 1),
      }));
      const stored = (await owned.backups.get(job.id)) ?? job;
      await owned.backups.put({
        ...stored,
        key: null,
        file: null,
        state: { kind: 'failed', error },
      });
    } finally {
      await folder.delete(job.file);
    }
  }

  /** The address lives in the engine's worker, so the engine is held until the file is saved. */
  async #save(engine: Engine, job: StoredBackupJob, bytes: number): Promise<SavedBackup> {
    const { downloads } = this.#options;
    const { url } = await engine.call('backupUrl', { file: job.file ?? '' });
    try {
      const saved = await downloads.save(url, `${folderName}/${job.name}`);
      if (saved.bytes !== bytes) {
        await downloads.remove(saved);
        throw new LockstepError('download_failed', {
          detail: `saved ${saved.bytes} of ${bytes} bytes`,
        });
      }
      return { ...saved, name: saved.path.split(/[\\/]/).at(-1) ?? job.name, at: job.at };
    } finally {
      await engine.call('revokeBackupUrl', { url });
    }
  }

  async #removeOldest(keep: number): Promise<void> {
    const { owned, downloads } = this.#options;
    const { files } = await owned.backupSchedule.read();
    for (const file of files.slice(keep)) {
      const became = await downloads.remove(file);
      await owned.backupSchedule.change((schedule) => withoutFile(schedule, file, became));
    }
  }

  async #arm(): Promise<void> {
    const { owned, alarms } = this.#options;
    const { plan } = await owned.backupSchedule.read();
    if (plan === null) await alarms.stop(backupAlarm);
    else await alarms.repeat(backupAlarm, lookEvery);
  }
}

function isSameKey(a: BackupKey | null, b: BackupKey): boolean {
  return a?.secret.join() === b.secret.join();
}

/** Names of files that stayed, the newest of them: enough to find the rest beside them. */
const leftKept = 20;

function withoutFile(
  schedule: StoredBackupSchedule,
  { path, name }: SavedBackup,
  became: 'gone' | 'lost',
): StoredBackupSchedule {
  return {
    ...schedule,
    files: schedule.files.filter((one) => one.path !== path),
    left: became === 'gone' ? schedule.left : [name, ...schedule.left].slice(0, leftKept),
  };
}
