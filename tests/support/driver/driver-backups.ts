/** What the driver does on the backups page. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '../pages/page.ts';
import { choose, exists } from '../pages/reading.ts';
import * as read from '../pages/reading-backups.ts';
import { until } from '../until.ts';

/** What locks a file: a passphrase, or the key that the page generates. */
export type Lock = { readonly passphrase: string } | 'key';

export interface MadeBackup {
  /** Where the browser saved it. */
  readonly file: string;
  /** The passphrase, or the key that was shown. */
  readonly secret: string;
  readonly job: read.ShownBackupJob;
}

export interface BackupDriver {
  /** The browser's downloads folder. */
  readonly downloads: string;
  /** Fills in the form and starts. Answers the job's id and what opens the file. */
  startBackup(lock: Lock): Promise<{ readonly id: string; readonly secret: string }>;
  /** Makes a backup, which the page saves as soon as it is made. */
  makeBackup(lock: Lock): Promise<MadeBackup>;
  /** Waits until a job is in one of these states, as shown. */
  backupState(id: string, ...states: readonly string[]): Promise<read.ShownBackupJob>;
  backupJobs(): Promise<readonly read.ShownBackupJob[]>;
  /** Chooses a file. Answers what it is locked with, or why it cannot be one. */
  chooseBackup(file: string): Promise<string>;
  /** Chooses a file and looks inside. Answers what was found, or the error's code. */
  lookIntoBackup(file: string, secret: string): Promise<read.FoundBackup | string>;
  /** Imports the file that was looked into. Answers the job's id. */
  startImport(): Promise<string>;
  /** Switches backups by themselves on; after so many messages. */
  scheduleBackups(messages: number, keep: number, passphrase: string): Promise<void>;
  backupSchedule(): Promise<read.ShownSchedule | null>;
  /** Names of files in the folder of scheduled backups, as they lie on the disk. */
  savedBackups(): Promise<readonly string[]>;
}

/** @param view shows a view of the popup's page. */
export function backupActions(
  page: Page,
  view: (hash: string) => Promise<void>,
  downloads: string,
): BackupDriver {
  const started = () => page.evaluate(read.startedBackup);
  const list = async (folder: string) => (await readdir(folder).catch(() => [])).sort();
  const isWhole = (name: string) => name.endsWith('.lockstep');

  async function show(): Promise<void> {
    await view('#/backups');
    await until('the backups', () => page.evaluate(exists, '[data-testid=schedule-form]'));
  }
  async function startBackup(lock: Lock) {
    await show();
    const before = await started();
    let secret: string;
    if (lock === 'key') {
      await page.click('[data-testid=backup-secret-key]');
      secret = await until('the key', () => page.evaluate(read.shownKey));
      await page.click('[data-testid=backup-key-kept]');
    } else {
      secret = lock.passphrase;
      await page.fill('[data-testid=backup-passphrase]', secret);
      await page.fill('[data-testid=backup-passphrase-again]', secret);
    }
    await page.click('[data-testid=make-backup]');
    const id = await until('the backup to be journaled', async () => {
      const now = await started();
      return now !== before && now;
    });
    return { id, secret };
  }
  async function backupState(id: string, ...states: readonly string[]) {
    await show();
    return until(
      `the backup to be ${states.join(' or ')}`,
      async () => {
        const job = (await page.evaluate(read.backupJobs)).find((one) => one.id === id);
        if (job !== undefined && states.includes(job.state)) return job;
        throw new Error(JSON.stringify(job));
      },
      60_000,
    );
  }
  async function chooseBackup(file: string) {
    await show();
    await page.reload();
    await show();
    await page.choose('[data-testid=backup-file]', file);
    return until('the file to be recognised', () => page.evaluate(read.chosenBackup));
  }

  return {
    downloads,
    startBackup,
    async makeBackup(lock) {
      const before = await list(downloads);
      const { id, secret } = await startBackup(lock);
      const job = await backupState(id, 'made');
      const file = await until('the file to be saved', async () => {
        const name = (await list(downloads)).find((one) => isWhole(one) && !before.includes(one));
        const whole = name === undefined ? null : path.join(downloads, name);
        return whole !== null && (await stat(whole)).size > 0 && whole;
      });
      return { file, secret, job };
    },
    backupState,
    async backupJobs() {
      await show();
      return page.evaluate(read.backupJobs);
    },
    chooseBackup,
    async lookIntoBackup(file, secret) {
      const kind = await chooseBackup(file);
      if (kind !== 'passphrase' && kind !== 'key') return kind;
      await page.fill('[data-testid=backup-file-secret]', secret);
      await page.click('[data-testid=look-into-backup]');
      return until('the file to be opened', () => page.evaluate(read.foundBackup), 60_000);
    },
    async startImport() {
      const before = await started();
      await page.click('[data-testid=import-backup]');
      return until('the import to be journaled', async () => {
        const now = await started();
        return now !== before && now;
      });
    },
    async scheduleBackups(messages, keep, passphrase) {
      await show();
      await page.evaluate(choose, '[data-testid=schedule-every]', 'messages');
      for (const [field, value] of [
        ['schedule-messages', String(messages)],
        ['schedule-keep', String(keep)],
      ] as const) {
        await until('the field', () => page.evaluate(exists, `[data-testid=${field}]`));
        await page.fill(`[data-testid=${field}]`, value);
        await page.press(`[data-testid=${field}]`, 'Tab');
      }
      await page.fill('[data-testid=schedule-passphrase]', passphrase);
      await page.fill('[data-testid=schedule-passphrase-again]', passphrase);
      await page.click('[data-testid=schedule-save]');
    },
    async backupSchedule() {
      await show();
      return page.evaluate(read.backupSchedule);
    },
    savedBackups: async () => (await list(path.join(downloads, 'Lockstep'))).filter(isWhole),
  };
}
