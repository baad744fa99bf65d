/**
 * Functions that run inside the backups page. Each stands alone: it is sent as text and sees nothing of
 * this file but its own arguments.
 */

export interface ShownBackupJob {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly step: string | null;
  readonly name: string;
  readonly conversations: number | null;
  readonly messages: number | null;
  readonly newMessages: number | null;
  readonly error: string | null;
}

export interface FoundBackup {
  readonly inboxId: string;
  readonly installationId: string;
  readonly conversations: number;
  readonly messages: number;
  /** Whether there is a button that imports it. */
  readonly importable: boolean;
}

export interface ShownSchedule {
  readonly every: string;
  readonly lastAt: number | null;
  readonly newMessages: number;
  readonly problem: string | null;
  readonly files: readonly string[];
}

export function startedBackup(): string | null {
  return document.querySelector<HTMLElement>('[data-testid=backups]')?.dataset['started'] ?? null;
}

export function shownKey(): string | null {
  return document.querySelector('[data-testid=backup-key]')?.textContent || null;
}

export function backupJobs(): ShownBackupJob[] {
  const number = (text: string | undefined) => (text === undefined ? null : Number(text));
  return [...document.querySelectorAll<HTMLElement>('[data-testid=backup-job]')].map(
    ({ dataset }) => ({
      id: dataset['jobId'] ?? '',
      kind: dataset['jobKind'] ?? '',
      state: dataset['state'] ?? '',
      step: dataset['step'] ?? null,
      name: dataset['name'] ?? '',
      conversations: number(dataset['conversations']),
      messages: number(dataset['messages']),
      newMessages: number(dataset['newMessages']),
      error: dataset['errorCode'] ?? null,
    }),
  );
}

/** What the chosen file is locked with, or the code of what is wrong with it; null before either. */
export function chosenBackup(): string | null {
  const form = document.querySelector<HTMLElement>('[data-testid=open-backup]');
  if (form !== null) return form.dataset['kind'] ?? null;
  const section = document.querySelector('[data-testid=backup-file]')?.closest('section');
  return section?.querySelector<HTMLElement>('[data-testid=error]')?.dataset['errorCode'] ?? null;
}

/** What was found inside, or the code of what is wrong; null before either. */
export function foundBackup(): FoundBackup | string | null {
  const found = document.querySelector<HTMLElement>('[data-testid=backup-found]');
  if (found !== null) {
    return {
      inboxId: found.dataset['inboxId'] ?? '',
      installationId: found.dataset['installationId'] ?? '',
      conversations: Number(found.dataset['conversations']),
      messages: Number(found.dataset['messages']),
      importable: found.querySelector('[data-testid=import-backup]') !== null,
    };
  }
  const form = document.querySelector('[data-testid=open-backup]');
  return form?.querySelector<HTMLElement>('[data-testid=error]')?.dataset['errorCode'] ?? null;
}

export function backupSchedule(): ShownSchedule | null {
  const shown = document.querySelector<HTMLElement>('[data-testid=schedule]');
  if (shown === null) return null;
  const { dataset } = shown;
  return {
    every: dataset['every'] ?? '',
    lastAt: dataset['lastAt'] === undefined ? null : Number(dataset['lastAt']),
    newMessages: Number(dataset['newMessages']),
    problem: dataset['problem'] ?? null,
    files: [...document.querySelectorAll<HTMLElement>('[data-testid=saved-backup]')].map(
      (file) => file.dataset['name'] ?? '',
    ),
  };
}
