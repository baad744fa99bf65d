/** Backups that are made and imported, and the schedule of those that Lockstep makes by itself. */
import type { StoredBackupJob, StoredBackupSchedule } from '../../shared/backup.ts';
import type { Milliseconds } from '../../shared/ids.ts';
import { announceTopics, SingleRecord, type OwnedContext } from './aggregate.ts';
import { noBackupSchedule } from './backup-schedule.ts';

export interface BackupStores {
  backups: { key: string; value: StoredBackupJob; indexes: { byTime: Milliseconds } };
}
export interface BackupValues {
  readonly backupSchedule: StoredBackupSchedule;
}

export class OwnedBackups {
  readonly #context: OwnedContext;

  constructor(context: OwnedContext) {
    this.#context = context;
  }

  async get(id: string): Promise<StoredBackupJob | null> {
    return (await (await this.#context.open()).get('backups', id)) ?? null;
  }

  /** Oldest first. */
  async all(): Promise<readonly StoredBackupJob[]> {
    return (await this.#context.open()).getAllFromIndex('backups', 'byTime');
  }

  async put(job: StoredBackupJob): Promise<void> {
    await (await this.#context.open()).put('backups', job);
    announceTopics(this.#context, 'backups');
  }

  async delete(id: string): Promise<void> {
    await (await this.#context.open()).delete('backups', id);
    announceTopics(this.#context, 'backups');
  }
}

export class OwnedBackupSchedule extends SingleRecord<'backupSchedule', StoredBackupSchedule> {
  constructor(context: OwnedContext) {
    super(context, 'backupSchedule', {
      topic: 'backups',
      from: (stored) => stored ?? noBackupSchedule,
    });
  }
}
