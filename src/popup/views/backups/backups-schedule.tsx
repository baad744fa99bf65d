/** Scheduled backups: what was chosen, how it goes, and the files. */
import { useSignal } from '@preact/signals';
import {
  backupEvery,
  mostKept,
  usualKept,
  type BackupEvery,
  type BackupJob,
  type BackupSchedule,
} from '../../../shared/backup.ts';
import { nextByTime } from '../../../shared/backup-times.ts';
import { defaultHistoryOptions } from '../../../shared/history.ts';
import { NewPassphrase, useNewSecret } from '../../../ui/components/backup-secret.tsx';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { InTab } from '../../../ui/components/in-tab.tsx';
import { NumberField } from '../../../ui/components/number-field.tsx';
import { requestDownloads } from '../../../ui/platform/extension.ts';
import { useCommand } from '../../../ui/state/command.ts';
import { useLive } from '../../../ui/state/live.ts';
import { useServices } from '../../../ui/state/services.ts';
import { formatBytes, formatDateTime, formatNumber } from '../../../ui/text/format.ts';
import { t } from '../../../ui/text/messages.ts';
import { CurrentJobs } from './backups-jobs.tsx';

const usualMessages = 500;

export function Schedule({
  jobs,
  inPopup,
}: {
  readonly jobs: readonly BackupJob[];
  readonly inPopup: boolean;
}) {
  const { reader } = useServices();
  const schedule = useLive(['backups'], () => reader.backupSchedule(), []);
  const current = schedule.value.value;
  return (
    <section class="section">
      <h2>{t('scheduled_backups_title')}</h2>
      <p class="soft">{t('scheduled_backups_about')}</p>
      <ErrorNote error={schedule.error.value} />
      {current !== undefined && (
        <>
          {current.plan !== null && <Standing schedule={current} />}
          <CurrentJobs jobs={jobs} kind="scheduled" started={null} />
          {inPopup ? (
            <InTab why={t('scheduled_backups_in_tab')} testid="schedule-in-tab" />
          ) : (
            <Plan key={String(current.plan === null)} schedule={current} />
          )}
          <Files schedule={current} />
        </>
      )}
    </section>
  );
}

function Plan({ schedule: { plan } }: { readonly schedule: BackupSchedule }) {
  const { run, busy, error } = useCommand();
  const every = useSignal<BackupEvery>(plan?.every ?? 'week');
  const messages = useSignal(plan?.messages ?? usualMessages);
  const keep = useSignal(plan?.keep ?? usualKept);
  const isChangingSecret = useSignal(plan === null);
  const secret = useNewSecret();
  const chosen = secret.value.value;
  const isReady = !isChangingSecret.value || chosen !== null;

  async function save() {
    // First of all: browsers ask only while a click is being handled.
    await requestDownloads();
    const answer = await run('setBackupSchedule', {
      plan: {
        every: every.value,
        messages: messages.value,
        keep: keep.value,
        options: mutable(plan?.options ?? defaultHistoryOptions),
      },
      secret: isChangingSecret.value ? chosen : null,
    });
    if (answer === null) return;
    secret.clear();
    isChangingSecret.value = false;
  }
  return (
    <form
      class="stack"
      data-testid="schedule-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void save();
      }}
    >
      <label class="field">
        <span class="label">{t('scheduled_backups_every')}</span>
        <select
          class="select"
          data-testid="schedule-every"
          value={every.value}
          onChange={({ currentTarget }) => {
            const found = backupEvery.find((one) => one === currentTarget.value);
            if (found !== undefined) every.value = found;
          }}
        >
          {backupEvery.map((one) => (
            <option key={one} value={one}>
              {t(`scheduled_backups_every_${one}`)}
            </option>
          ))}
        </select>
      </label>
      {every.value === 'messages' && (
        <NumberField
          label={t('scheduled_backups_messages')}
          testid="schedule-messages"
          least={1}
          most={1_000_000}
          value={messages.value}
          onSave={(value) => {
            messages.value = value;
          }}
        />
      )}
      <NumberField
        label={t('scheduled_backups_keep')}
        testid="schedule-keep"
        least={1}
        most={mostKept}
        value={keep.value}
        onSave={(value) => {
          keep.value = value;
        }}
      />
      {plan !== null && (
        <label class="check">
          <input
            type="checkbox"
            checked={isChangingSecret.value}
            onChange={({ currentTarget: { checked } }) => {
              isChangingSecret.value = checked;
            }}
          />
          {t('scheduled_backups_change_passphrase')}
        </label>
      )}
      {isChangingSecret.value && (
        <>
          <NewPassphrase secret={secret} name="schedule" />
          <p class="soft small">{t('scheduled_backups_key_about')}</p>
        </>
      )}
      <ErrorNote error={error.value} alert />
      <div>
        <button
          type="submit"
          class={plan === null ? 'button primary' : 'button'}
          data-testid="schedule-save"
          aria-busy={busy.value}
          disabled={!isReady || busy.value}
        >
          {t(plan === null ? 'scheduled_backups_on' : 'scheduled_backups_save')}
        </button>
      </div>
    </form>
  );
}

function Standing({ schedule }: { readonly schedule: BackupSchedule }) {
  const { run, busy, error } = useCommand();
  const { plan, lastAt, newMessages, problem, retryAt } = schedule;
  if (plan === null) return null;
  const next = lastAt === null ? null : nextByTime(plan, lastAt);
  return (
    <div
      class={problem === null ? 'note' : 'note warn'}
      data-testid="schedule"
      data-every={plan.every}
      data-last-at={lastAt ?? undefined}
      data-new-messages={newMessages}
      data-problem={problem?.code}
      data-failures={schedule.failures}
    >
      <strong>{t(`scheduled_backups_every_${plan.every}`)}</strong>
      <span>
        {lastAt === null
          ? t('scheduled_backups_none')
          : t('scheduled_backups_last', { when: formatDateTime(lastAt) })}
      </span>
      {problem === null && next !== null && (
        <span>{t('scheduled_backups_next', { when: formatDateTime(next) })}</span>
      )}
      {plan.every === 'messages' && (
        <span>
          {t('scheduled_backups_progress', {
            count: formatNumber(newMessages),
            total: formatNumber(plan.messages),
          })}
        </span>
      )}
      <ErrorNote error={problem} />
      {problem !== null && (
        <span>{t('scheduled_backups_retry', { when: formatDateTime(retryAt) })}</span>
      )}
      <div class="row">
        <button
          type="button"
          class="button"
          data-testid="schedule-now"
          aria-busy={busy.value}
          onClick={() => void requestDownloads().then(() => run('runBackupSchedule', {}))}
        >
          {t('scheduled_backups_now')}
        </button>
        <button
          type="button"
          class="button quiet"
          data-testid="schedule-off"
          onClick={() => void run('stopBackupSchedule', {})}
        >
          {t('scheduled_backups_off')}
        </button>
      </div>
      <ErrorNote error={error.value} alert />
    </div>
  );
}

function Files({ schedule: { files, left } }: { readonly schedule: BackupSchedule }) {
  return (
    <>
      {files.length > 0 && (
        <div class="section">
          <h3 class="soft small">{t('scheduled_backups_files')}</h3>
          <ul class="stack small">
            {files.map(({ path, name, at, bytes }) => (
              <li key={path} data-testid="saved-backup" data-name={name} title={path}>
                <bdi class="break">{name}</bdi>
                <br />
                <span class="soft">
                  {formatDateTime(at)} · {formatBytes(bytes)}
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {left.length > 0 && (
        <div class="section small">
          <p class="soft">{t('scheduled_backups_leftover')}</p>
          <ul>
            {left.map((name) => (
              <li key={name} data-testid="left-backup">
                <bdi class="break">{name}</bdi>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

/** The schema's input wants lists that it may change. */
function mutable(options: typeof defaultHistoryOptions) {
  return { ...options, elements: [...options.elements] };
}
