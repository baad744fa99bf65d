/** What can be done when libxmtp's database is gone or damaged, and what each choice costs. */
import { useSignal } from '@preact/signals';
import { toErrorRecord, type ErrorRecord } from '../../../shared/errors.ts';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { leaveFileToRestore } from '../../../ui/platform/transfer-files.ts';
import { useCommand } from '../../../ui/state/command.ts';
import { useServices } from '../../../ui/state/services.ts';
import { t } from '../../../ui/text/messages.ts';

const setup = 'pages/setup/index.html';

export function DatabaseRecovery({ error }: { readonly error: ErrorRecord }) {
  return (
    <section class="section" data-testid="database-recovery">
      <ErrorNote error={error} next={t('recovery_about')} />
      <TryAgain />
      <Replace />
    </section>
  );
}

/** Other databases that can take this one's place. */
export function Replace() {
  return (
    <>
      <Restore />
      <StartOver />
    </>
  );
}

function TryAgain() {
  const { run, busy } = useCommand();
  return (
    <article class="card">
      <h3>{t('recovery_retry')}</h3>
      <p class="soft small">{t('recovery_retry_about')}</p>
      <div>
        <button
          type="button"
          class="button primary"
          data-testid="recovery-again"
          aria-busy={busy.value}
          onClick={() => void run('reconnectDatabase', {})}
        >
          {t('try_again')}
        </button>
      </div>
    </article>
  );
}

function Restore() {
  const { openPage } = useServices();
  const { run, busy, error } = useCommand();
  const failed = useSignal<ErrorRecord | null>(null);
  async function restore(file: File) {
    failed.value = null;
    try {
      await leaveFileToRestore(file);
    } catch (thrown) {
      failed.value = toErrorRecord(thrown);
      return;
    }
    await run('restoreDatabase', {});
  }
  return (
    <article class="card">
      <h3>{t('recovery_restore')}</h3>
      <p class="soft small">{t('recovery_restore_about')}</p>
      <label class="field">
        <span class="label">{t('recovery_file')}</span>
        <input
          type="file"
          class="input"
          accept=".db3"
          data-testid="recovery-file"
          aria-busy={busy.value}
          onChange={({ currentTarget }) => {
            const [file] = currentTarget.files ?? [];
            if (file !== undefined) void restore(file);
          }}
        />
      </label>
      <p class="small">
        <button
          type="button"
          class="button"
          onClick={() => void openPage('popup/index.html#/database')}
        >
          {t('recovery_in_tab')}
        </button>
      </p>
      <ErrorNote error={error.value ?? failed.value} alert />
    </article>
  );
}

function StartOver() {
  const { openPage } = useServices();
  const { run, busy, error } = useCommand();
  const sure = useSignal(false);
  async function start() {
    if ((await run('startOver', {})) !== null) await openPage(setup);
  }
  return (
    <article class="card">
      <h3>{t('recovery_new_installation')}</h3>
      <p class="soft small">{t('recovery_new_installation_about')}</p>
      <label class="check">
        <input
          type="checkbox"
          data-testid="recovery-sure"
          checked={sure.value}
          onChange={({ currentTarget }) => {
            sure.value = currentTarget.checked;
          }}
        />
        {t('recovery_confirm')}
      </label>
      <div>
        <button
          type="button"
          class="button danger"
          data-testid="recovery-over"
          disabled={!sure.value}
          aria-busy={busy.value}
          onClick={() => void start()}
        >
          {t('recovery_new_installation_button')}
        </button>
      </div>
      <ErrorNote error={error.value} alert />
    </article>
  );
}
