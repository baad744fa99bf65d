/** Backups that are being made and imported, and those that were. */
import { useSignal } from '@preact/signals';
import type { BackupJob } from '../../../shared/backup.ts';
import { toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { saveBackup } from '../../../ui/platform/transfer-files.ts';
import { now } from '../../../ui/state/clock.ts';
import { useCommand } from '../../../ui/state/command.ts';
import { backupCounts } from '../../../ui/text/backups.ts';
import { formatAgo, formatBytes } from '../../../ui/text/format.ts';
import { contentsWords, importWords } from '../../../ui/text/history.ts';
import { t } from '../../../ui/text/messages.ts';

/** What is under way, and what this page has started: shown beside the form that it came from. */
export function isCurrent({ id, state }: BackupJob, started: string | null): boolean {
  return state.kind === 'working' || id === started;
}

export function CurrentJobs({
  jobs,
  kind,
  started,
}: {
  readonly jobs: readonly BackupJob[];
  readonly kind: BackupJob['kind'];
  readonly started: string | null;
}) {
  const current = jobs.filter((job) => job.kind === kind && isCurrent(job, started));
  return (
    <>
      {current.map((job) => (
        <Job key={job.id} job={job} />
      ))}
    </>
  );
}

export function PastJobs({ jobs }: { readonly jobs: readonly BackupJob[] }) {
  if (jobs.length === 0) return null;
  return (
    <section class="section">
      <h2>{t('backup_list_title')}</h2>
      {jobs.map((job) => (
        <Job key={job.id} job={job} />
      ))}
    </section>
  );
}

function Job({ job }: { readonly job: BackupJob }) {
  const { kind, name, at, checked, state, file } = job;
  return (
    <article
      class="card"
      data-testid="backup-job"
      data-job-id={job.id}
      data-job-kind={kind}
      data-state={state.kind}
      data-step={state.kind === 'working' ? state.step : undefined}
      data-name={name}
      data-messages={checked?.messages}
      data-conversations={checked?.conversations}
      data-new-messages={state.kind === 'imported' ? state.newMessages : undefined}
      data-error-code={state.kind === 'failed' ? state.error.code : undefined}
    >
      <h3>{t(`backup_kind_${kind}`)}</h3>
      <p class="soft small">
        <bdi class="break">{name}</bdi> ·{' '}
        <time dateTime={new Date(at).toISOString()}>{formatAgo(at, now.value)}</time>
      </p>
      {checked !== null && (
        <p class="soft small">
          {t('archive_holds', { contents: contentsWords(checked.facts) })} · {backupCounts(checked)}{' '}
          · {formatBytes(checked.bytes)}
        </p>
      )}
      {state.kind === 'working' && (
        <div role="status">
          <p>{t(`backup_step_${state.step}`)}</p>
          <progress
            aria-label={t(`backup_step_${state.step}`)}
            max={state.total ?? undefined}
            value={state.total === null ? undefined : state.done}
          />
        </div>
      )}
      {state.kind === 'made' &&
        (file === null ? <p>{t('backup_ready_deleted')}</p> : <Made job={job} file={file} />)}
      {state.kind === 'saved' && <p>{t('backup_saved')}</p>}
      {state.kind === 'imported' && <p>{importWords(state)}</p>}
      {state.kind === 'interrupted' && (
        <p>{t(kind === 'scheduled' ? 'backup_interrupted' : 'backup_interrupted_often')}</p>
      )}
      {state.kind === 'failed' && <ErrorNote error={state.error} />}
    </article>
  );
}

function Made({ job: { id, name }, file }: { readonly job: BackupJob; readonly file: string }) {
  const { run, busy, error } = useCommand();
  const failed = useSignal<ErrorRecord | null>(null);
  return (
    <>
      <p>{t('backup_ready')}</p>
      <div class="row">
        <button
          type="button"
          class="button"
          data-testid="save-backup"
          onClick={() => {
            failed.value = null;
            saveBackup(file, name).catch((thrown: unknown) => {
              failed.value = toErrorRecord(thrown);
            });
          }}
        >
          {t('backup_save')}
        </button>
        <button
          type="button"
          class="button quiet"
          data-testid="forget-backup"
          aria-busy={busy.value}
          onClick={() => void run('forgetBackup', { backupId: id })}
        >
          {t('backup_delete_copy')}
        </button>
      </div>
      <ErrorNote error={error.value ?? failed.value} alert />
    </>
  );
}
