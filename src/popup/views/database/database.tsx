/** libxmtp's database: its size, a check for damage, copies, and rebuilding the store. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { DatabaseStats, IntegrityReport, Rebuild } from '../../../shared/database.ts';
import { toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { ProgressBar } from '../../../ui/components/progress-bar.tsx';
import {
  askToPersist,
  browserStorage,
  saveExport,
  type BrowserStorage,
} from '../../../ui/platform/transfer-files.ts';
import { useApp } from '../../../ui/state/app.ts';
import { useCommand } from '../../../ui/state/command.ts';
import { useLive } from '../../../ui/state/live.ts';
import { useServices } from '../../../ui/state/services.ts';
import { formatBytes, formatDuration, formatNumber } from '../../../ui/text/format.ts';
import { t } from '../../../ui/text/messages.ts';
import { isUnusable } from '../../../ui/logic/database-trouble.ts';
import { DatabaseRecovery, Replace } from './database-recovery.tsx';

export function Database() {
  const { connection } = useApp();
  const last = useRef<ErrorRecord | null>(null);
  const current = connection.value.value;
  if (current?.state === 'failed') last.current = isUnusable(current.error) ? current.error : null;
  // A try is no success: the choices, and what was entered there, stay until it is one.
  else if (current !== undefined && current.state !== 'opening') last.current = null;
  const broken = last.current;
  const isLost = broken?.code === 'database_lost';
  return (
    <div class="page" data-testid="database">
      {broken !== null && <DatabaseRecovery error={broken} />}
      <Sizes />
      {/* Only what can be done with what there is. */}
      {!isLost && <Check canReplace={broken === null} />}
      {!isLost && <Export />}
      {broken === null && <RebuildStore />}
    </div>
  );
}

function Sizes() {
  const { run, error } = useCommand();
  const stats = useSignal<DatabaseStats | null>(null);
  const storage = useSignal<BrowserStorage | null>(null);
  const look = async () => {
    storage.value = await browserStorage();
    stats.value = (await run('databaseFacts', {}))?.output ?? null;
  };
  useEffect(() => void look(), []);
  const bytes = (value: number | null | undefined) =>
    value == null ? t('database_unknown') : formatBytes(value);
  const { databaseBytes, poolBytes, files, capacity } = stats.value ?? {};
  return (
    <section class="section">
      <h2>{t('database_title')}</h2>
      <p class="soft">{t('database_about')}</p>
      <dl
        class="details-list"
        data-testid="database-stats"
        data-database-bytes={databaseBytes ?? undefined}
        data-pool-bytes={poolBytes}
        data-capacity={capacity}
        data-quota={storage.value?.quota ?? undefined}
        data-persisted={storage.value === null ? undefined : String(storage.value.persisted)}
      >
        <Fact label={t('database_size')} value={bytes(databaseBytes)} />
        <Fact
          label={t('database_reserved')}
          value={
            files === undefined || capacity === undefined
              ? bytes(poolBytes)
              : t('database_reserved_value', {
                  capacity: formatNumber(capacity),
                  files: formatNumber(files),
                  size: bytes(poolBytes),
                })
          }
        />
        <Fact
          label={t('database_quota')}
          value={t('database_quota_value', {
            quota: bytes(storage.value?.quota),
            usage: bytes(storage.value?.usage),
          })}
        />
      </dl>
      {storage.value !== null && (
        <p>{t(storage.value.persisted ? 'database_protected' : 'database_unprotected')}</p>
      )}
      {storage.value?.persisted === false && (
        <div>
          <button
            type="button"
            class="button"
            data-testid="persist-storage"
            onClick={() =>
              void askToPersist().then(async () => {
                storage.value = await browserStorage();
              })
            }
          >
            {t('database_protect')}
          </button>
        </div>
      )}
      <ErrorNote error={error.value} />
    </section>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** @param canReplace whether the choices are to be offered here: once on the page is enough. */
function Check({ canReplace }: { readonly canReplace: boolean }) {
  const { run, busy, error } = useCommand();
  const report = useSignal<IntegrityReport | null>(null);
  return (
    <section class="section">
      <h2>{t('database_check_title')}</h2>
      <p class="soft">{t('database_check_about')}</p>
      <div>
        <button
          type="button"
          class="button"
          data-testid="check-database"
          aria-busy={busy.value}
          onClick={() => {
            report.value = null;
            void run('checkDatabase', {}).then((answer) => {
              report.value = answer?.output ?? null;
            });
          }}
        >
          {t(busy.value ? 'database_checking' : 'database_check')}
        </button>
      </div>
      {report.value !== null && <Report report={report.value} />}
      {report.value !== null && report.value.problems.length > 0 && canReplace && <Replace />}
      <ErrorNote error={error.value} alert />
    </section>
  );
}

function Report({ report: { problems, bytes, took } }: { readonly report: IntegrityReport }) {
  const isWhole = problems.length === 0;
  return (
    <div
      class={isWhole ? 'note' : 'note bad'}
      role="status"
      data-testid="integrity"
      data-problems={problems.length}
    >
      {isWhole ? (
        <span>
          {t('database_intact', { size: formatBytes(bytes), time: formatDuration(took) })}
        </span>
      ) : (
        <>
          <strong>{t('database_damaged')}</strong>
          <span>{t('database_damaged_next')}</span>
          <details>
            <summary>{t('error_details')}</summary>
            {problems.map((problem) => (
              <p key={problem} class="mono break" dir="ltr">
                {problem}
              </p>
            ))}
          </details>
        </>
      )}
    </div>
  );
}

function Export() {
  const { run, busy, error } = useCommand();
  const failed = useSignal<ErrorRecord | null>(null);
  async function save() {
    failed.value = null;
    if ((await run('exportDatabase', {})) === null) return;
    try {
      await saveExport(`lockstep-${new Date().toISOString().slice(0, 10)}.db3`);
    } catch (thrown) {
      failed.value = toErrorRecord(thrown);
    }
  }
  return (
    <section class="section">
      <h2>{t('database_export_title')}</h2>
      <p class="note warn small">{t('database_export_warning')}</p>
      <div>
        <button
          type="button"
          class="button"
          data-testid="export-database"
          aria-busy={busy.value}
          onClick={() => void save()}
        >
          {t('database_export')}
        </button>
      </div>
      <ErrorNote error={error.value ?? failed.value} alert />
    </section>
  );
}

function RebuildStore() {
  const { reader } = useServices();
  const { run, busy, error } = useCommand();
  const rebuild = useLive(['connection'], () => reader.rebuild(), []).value.value ?? null;
  const isRunning = rebuild?.state === 'running';
  return (
    <section class="section">
      <h2>{t('rebuild_title')}</h2>
      <p class="soft">{t('rebuild_about')}</p>
      <div>
        <button
          type="button"
          class="button"
          data-testid="rebuild-store"
          aria-busy={busy.value || isRunning}
          disabled={isRunning}
          onClick={() => void run('rebuildStore', {})}
        >
          {t('rebuild')}
        </button>
      </div>
      {rebuild !== null && <Rebuilding rebuild={rebuild} />}
      <ErrorNote error={error.value} alert />
    </section>
  );
}

function Rebuilding({ rebuild }: { readonly rebuild: Rebuild }) {
  return (
    <div role="status" data-testid="rebuild" data-state={rebuild.state}>
      {rebuild.state === 'running' && (
        <>
          <p>{runningWords(rebuild)}</p>
          <ProgressBar label={t('rebuild_running')} done={rebuild.done} total={rebuild.total} />
        </>
      )}
      {rebuild.state === 'complete' && (
        <p class="note">
          {t('rebuild_complete', {
            conversations: formatNumber(rebuild.conversations),
            messages: formatNumber(rebuild.messages),
          })}
        </p>
      )}
      {rebuild.state === 'failed' && <ErrorNote error={rebuild.error} />}
    </div>
  );
}

function runningWords({ done, total }: Extract<Rebuild, { state: 'running' }>): string {
  const step = t('rebuild_running');
  if (total === null) return step;
  return t('step_of', { done: formatNumber(done), step, total: formatNumber(total) });
}
