/** Making a backup by hand. The page that asked for it saves it as soon as it is made. */
import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { BackupJob } from '../../../shared/backup.ts';
import { toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts';
import { SecretChoice, useNewSecret } from '../../../ui/components/backup-secret.tsx';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { HistoryOptionFields, useHistoryOptions } from '../../../ui/components/history-options.tsx';
import { saveBackup } from '../../../ui/platform/transfer-files.ts';
import { useCommand } from '../../../ui/state/command.ts';
import { t } from '../../../ui/text/messages.ts';
import { CurrentJobs } from './backups-jobs.tsx';

interface Props {
  readonly jobs: readonly BackupJob[];
  readonly started: Signal<string | null>;
}

export function MakeBackup({ jobs, started }: Props) {
  const { run, busy, error } = useCommand();
  const options = useHistoryOptions();
  const secret = useNewSecret();
  const toSave = useSignal<string | null>(null);
  const failed = useSignal<ErrorRecord | null>(null);
  const made = jobs.find(({ id, state }) => id === toSave.value && state.kind === 'made');
  const isWorking = jobs.some(({ id, state }) => id === toSave.value && state.kind === 'working');

  useEffect(() => {
    if (made?.file == null) return;
    toSave.value = null;
    saveBackup(made.file, made.name).catch((thrown: unknown) => {
      failed.value = toErrorRecord(thrown);
    });
  }, [made?.id]);

  async function make() {
    const chosen = secret.value.value;
    if (chosen === null || options.problem !== null) return;
    failed.value = null;
    const answer = await run('makeBackup', { options: options.value, secret: chosen });
    if (answer === null) return;
    secret.clear();
    toSave.value = started.value = answer.output.backupId;
  }
  return (
    <section class="section">
      <h2>{t('backup_make_title')}</h2>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <SecretChoice secret={secret} name="backup" />
        <details data-testid="backup-more">
          <summary>{t('history_more')}</summary>
          <div class="stack inset">
            <HistoryOptionFields options={options} name="backup" />
          </div>
        </details>
        {options.problem !== null && (
          <p class="problem" role="alert">
            {options.problem}
          </p>
        )}
        <ErrorNote error={error.value ?? failed.value} alert />
        <div>
          <button
            type="submit"
            class="button primary"
            data-testid="make-backup"
            aria-busy={busy.value || isWorking}
            disabled={secret.value.value === null || options.problem !== null || busy.value}
          >
            {t('backup_make')}
          </button>
        </div>
      </form>
      <CurrentJobs jobs={jobs} kind="made" started={started.value} />
    </section>
  );
}
