/** What the person can set. Every change is stored at once. */
import { useSignal } from '@preact/signals';
import {
  longestInterval,
  shortestInterval,
  type Settings as SettingsRecord,
  type SettingsPatch,
} from '../../../shared/settings.ts';
import { AccountDetails } from '../../../ui/components/account-details.tsx';
import { ConsentChecks } from '../../../ui/components/consent-checks.tsx';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { NumberField } from '../../../ui/components/number-field.tsx';
import { hrefOf } from '../../../ui/logic/routes.ts';
import { useApp } from '../../../ui/state/app.ts';
import { useCommand } from '../../../ui/state/command.ts';
import { formatNumber } from '../../../ui/text/format.ts';
import { t } from '../../../ui/text/messages.ts';
import { Pace } from './settings-pace.tsx';

const minute = 60;
const hour = 60 * minute;
const offered = [30, minute, 5 * minute, 15 * minute, hour, 6 * hour, longestInterval];

export function Settings() {
  const { settings, account } = useApp();
  const { run, error } = useCommand();
  const saves = useSignal(0);
  const current = settings.value.value;
  if (current === undefined) return <div class="view" />;
  const save = async (patch: SettingsPatch) => {
    const { syncConsent, ...rest } = patch;
    const answer = await run('updateSettings', {
      patch: { ...rest, ...(syncConsent === undefined ? {} : { syncConsent: [...syncConsent] }) },
    });
    if (answer !== null) saves.value++;
  };
  return (
    <div class="page" data-testid="settings" data-saves={saves.value}>
      <ErrorNote error={error.value} alert />
      <section class="section">
        <h2>{t('settings_sync')}</h2>
        <Interval current={current.syncInterval} save={save} />
        <Pace current={current} save={save} />
        <fieldset class="section bare">
          <legend class="label">{t('settings_sync_states')}</legend>
          <ConsentChecks
            testid="setting-consent"
            value={current.syncConsent}
            onChange={([first, ...rest]) =>
              first !== undefined && void save({ syncConsent: [first, ...rest] })
            }
          />
          <p class="soft small">{t('settings_sync_states_hint')}</p>
        </fieldset>
      </section>
      <section class="section">
        <h2>{t('settings_history')}</h2>
        <label class="check">
          <input
            type="checkbox"
            data-testid="setting-serve-history"
            checked={current.serveHistory}
            onChange={({ currentTarget: { checked } }) => void save({ serveHistory: checked })}
          />
          {t('settings_send_history')}
        </label>
        <p class="soft small">{t('settings_send_history_hint')}</p>
      </section>
      <section class="section">
        <h2>{t('settings_backups')}</h2>
        <p>
          <a href={hrefOf({ view: 'backups' })} data-testid="settings-backups">
            {t('backups_open')}
          </a>
        </p>
      </section>
      <section class="section">
        <h2>{t('settings_database')}</h2>
        <NumberField
          label={t('settings_close_after')}
          testid="setting-idle-close"
          least={1}
          most={3600}
          value={current.idleClose}
          onSave={(idleClose) => void save({ idleClose })}
        />
        <p>
          <a href={hrefOf({ view: 'database' })} data-testid="open-database">
            {t('database_open')}
          </a>
        </p>
      </section>
      {account.value.value != null && (
        <section class="section">
          <h2>{t('settings_account')}</h2>
          <AccountDetails account={account.value.value} />
        </section>
      )}
    </div>
  );
}

function Interval({
  current,
  save,
}: {
  readonly current: SettingsRecord['syncInterval'];
  readonly save: (patch: SettingsPatch) => Promise<void>;
}) {
  const other = useSignal(current !== null && !offered.includes(current));
  const value = other.value ? 'other' : (current ?? 'off');
  return (
    <>
      <label class="field">
        <span class="label">{t('settings_interval')}</span>
        <select
          class="select"
          data-testid="setting-interval"
          value={String(value)}
          onChange={({ currentTarget }) => {
            const chosen = currentTarget.value;
            other.value = chosen === 'other';
            if (chosen === 'off') void save({ syncInterval: null });
            else if (chosen !== 'other') void save({ syncInterval: Number(chosen) });
          }}
        >
          {offered.map((seconds) => (
            <option key={seconds} value={seconds}>
              {intervalWords(seconds)}
            </option>
          ))}
          <option value="other">{t('settings_other')}</option>
          <option value="off">{t('settings_off')}</option>
        </select>
      </label>
      {other.value && (
        <NumberField
          label={t('settings_seconds')}
          testid="setting-interval-seconds"
          least={shortestInterval}
          most={longestInterval}
          value={current ?? offered[2] ?? shortestInterval}
          onSave={(syncInterval) => void save({ syncInterval })}
        />
      )}
    </>
  );
}

function intervalWords(seconds: number): string {
  if (seconds < minute) return t('settings_every_seconds', { value: formatNumber(seconds) });
  if (seconds === minute) return t('settings_every_minute');
  if (seconds < hour) return t('settings_every_minutes', { value: formatNumber(seconds / minute) });
  if (seconds === hour) return t('settings_every_hour');
  if (seconds === longestInterval) return t('settings_every_day');
  return t('settings_every_hours', { value: formatNumber(seconds / hour) });
}
