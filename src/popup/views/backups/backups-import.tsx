/**
 * Importing a backup: the file is recognised as soon as it is chosen, opened with its passphrase, shown,
 * and imported only then.
 */
import { useSignal, type Signal } from '@preact/signals';
import { maxHeaderBytes, parseHeader } from '../../../shared/backup-file.ts';
import type { BackupJob, BackupSecret, CheckedBackup } from '../../../shared/backup.ts';
import { toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts';
import { Passphrase } from '../../../ui/components/backup-secret.tsx';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { InTab } from '../../../ui/components/in-tab.tsx';
import { leaveBackup, withdrawBackup } from '../../../ui/platform/transfer-files.ts';
import { useApp } from '../../../ui/state/app.ts';
import { useCommand } from '../../../ui/state/command.ts';
import { backupCounts } from '../../../ui/text/backups.ts';
import { formatBytes, formatDateTime } from '../../../ui/text/format.ts';
import { contentsWords } from '../../../ui/text/history.ts';
import { shortId } from '../../../ui/text/ids.ts';
import { t } from '../../../ui/text/messages.ts';
import { CurrentJobs } from './backups-jobs.tsx';

interface Chosen {
  readonly file: File;
  /** Whether it takes a passphrase or a generated key. */
  readonly kind: BackupSecret['kind'];
}

interface Props {
  readonly jobs: readonly BackupJob[];
  readonly inPopup: boolean;
  readonly started: Signal<string | null>;
}

export function ImportBackup({ jobs, inPopup, started }: Props) {
  return (
    <section class="section">
      <h2>{t('backup_import_title')}</h2>
      <p class="soft">{t('backup_import_about')}</p>
      {inPopup ? (
        <InTab why={t('backup_in_tab')} testid="import-in-tab" />
      ) : (
        <Choose started={started} />
      )}
      <CurrentJobs jobs={jobs} kind="imported" started={started.value} />
    </section>
  );
}

function Choose({ started }: Pick<Props, 'started'>) {
  const chosen = useSignal<Chosen | null>(null);
  const failed = useSignal<ErrorRecord | null>(null);
  async function choose(file: File | undefined) {
    chosen.value = null;
    failed.value = null;
    if (file === undefined) return;
    try {
      const start = await file.slice(0, maxHeaderBytes).arrayBuffer();
      const { header } = await parseHeader(new Uint8Array(start), file.size);
      chosen.value = { file, kind: header.kdf.name === 'none' ? 'key' : 'passphrase' };
    } catch (thrown) {
      failed.value = toErrorRecord(thrown);
    }
  }
  return (
    <>
      <label class="field">
        <span class="label">{t('backup_file')}</span>
        <input
          type="file"
          class="input"
          data-testid="backup-file"
          onChange={({ currentTarget }) => void choose(currentTarget.files?.[0])}
        />
      </label>
      <ErrorNote error={failed.value} alert />
      {chosen.value !== null && (
        <Open key={chosen.value.file} chosen={chosen.value} started={started} />
      )}
    </>
  );
}

function Open({
  chosen: { file, kind },
  started,
}: {
  readonly chosen: Chosen;
  readonly started: Signal<string | null>;
}) {
  const { run, busy, error, clear } = useCommand();
  const text = useSignal('');
  const failed = useSignal<ErrorRecord | null>(null);
  const found = useSignal<CheckedBackup | null>(null);
  const isImporting = useSignal(false);

  /** A copy for each command: an import gets the file that was left for it. */
  async function withCopy<Output>(ask: (name: string) => Promise<Output>): Promise<Output | null> {
    failed.value = null;
    try {
      return await ask(await leaveBackup(file));
    } catch (thrown) {
      failed.value = toErrorRecord(thrown);
      return null;
    }
  }
  async function look() {
    found.value = null;
    await withCopy(async (name) => {
      const secret = { kind, text: text.value };
      found.value = (await run('inspectBackup', { file: name, secret }))?.output ?? null;
      await withdrawBackup(name);
    });
  }
  async function start() {
    isImporting.value = true;
    await withCopy(async (name) => {
      const secret = { kind, text: text.value };
      const answer = await run('importBackup', { file: name, name: file.name, secret });
      if (answer === null) return withdrawBackup(name);
      started.value = answer.output.backupId;
      text.value = '';
      found.value = null;
    });
    isImporting.value = false;
  }
  return (
    <form
      class="stack"
      data-testid="open-backup"
      data-kind={kind}
      onSubmit={(event) => {
        event.preventDefault();
        void look();
      }}
      onInput={() => {
        found.value = null;
        clear();
      }}
    >
      <Passphrase
        label={t(kind === 'key' ? 'backup_file_key' : 'backup_file_passphrase')}
        testid="backup-file-secret"
        value={text}
      />
      <div>
        <button
          type="submit"
          class="button"
          data-testid="look-into-backup"
          aria-busy={busy.value}
          disabled={text.value === '' || busy.value}
        >
          {t(busy.value && !isImporting.value ? 'backup_opening_file' : 'backup_open_file')}
        </button>
      </div>
      <ErrorNote error={error.value ?? failed.value} alert />
      {found.value !== null && (
        <Found checked={found.value} busy={busy.value} onImport={() => void start()} />
      )}
    </form>
  );
}

function Found({
  checked,
  busy,
  onImport,
}: {
  readonly checked: CheckedBackup;
  readonly busy: boolean;
  readonly onImport: () => void;
}) {
  const account = useApp().account.value.value;
  const own = account?.phase === 'ready' ? account : null;
  const { facts, bytes, madeAt } = checked;
  const isOurs = own?.inboxId === facts.inboxId;
  const installation = shortId(facts.installationId);
  const rows = [
    [t('backup_metadata_made'), formatDateTime(madeAt)],
    [
      t('backup_metadata_by'),
      own?.installationId === facts.installationId
        ? t('backup_metadata_by_this', { installation })
        : installation,
    ],
    [
      t('backup_metadata_inbox'),
      isOurs
        ? t('backup_metadata_inbox_own', { inbox: shortId(facts.inboxId) })
        : shortId(facts.inboxId),
    ],
    [t('backup_metadata_holds'), contentsWords(facts)],
    [t('backup_metadata_count'), backupCounts(checked)],
    [t('backup_metadata_size'), formatBytes(bytes)],
  ] as const;
  return (
    <div
      class="card"
      data-testid="backup-found"
      data-inbox-id={facts.inboxId}
      data-installation-id={facts.installationId}
      data-conversations={checked.conversations}
      data-messages={checked.messages}
      data-made-at={madeAt}
    >
      <dl class="details-list">
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {isOurs ? (
        <div>
          <button
            type="button"
            class="button primary"
            data-testid="import-backup"
            aria-busy={busy}
            disabled={busy}
            onClick={onImport}
          >
            {t('backup_import')}
          </button>
        </div>
      ) : (
        <ErrorNote error={{ code: 'backup_of_other_inbox', detail: null, retryAfter: null }} />
      )}
    </div>
  );
}
