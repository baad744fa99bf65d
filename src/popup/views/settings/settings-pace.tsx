/** How automatic syncs behave: adapting to activity, live mode, the daily limit. */
import type { Settings, SettingsPatch } from '../../../shared/settings.ts';
import { NumberField } from '../../../ui/components/number-field.tsx';
import { useLive } from '../../../ui/state/live.ts';
import { useServices } from '../../../ui/state/services.ts';
import { plural, t } from '../../../ui/text/messages.ts';

interface Props {
  readonly current: Settings;
  readonly save: (patch: SettingsPatch) => Promise<void>;
}

/** Calls a day that are offered first: a sync with nothing new makes two. */
const usualBudget = 5_000;
const modes = ['periodic', 'live'] as const;

export function Pace({ current, save }: Props) {
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          data-testid="setting-adaptive"
          checked={current.adaptive}
          disabled={current.syncInterval === null}
          onChange={({ currentTarget: { checked } }) => void save({ adaptive: checked })}
        />
        {t('settings_adaptive')}
      </label>
      <fieldset class="section bare">
        <legend class="label">{t('settings_mode')}</legend>
        {modes.map((mode) => (
          <label key={mode} class="check">
            <input
              type="radio"
              name="mode"
              data-testid={`setting-mode-${mode}`}
              checked={current.mode === mode}
              onChange={() => void save({ mode })}
            />
            {t(`settings_mode_${mode}`)}
          </label>
        ))}
      </fieldset>
      <Budget current={current} save={save} />
    </>
  );
}

function Budget({ current: { dailyCalls }, save }: Props) {
  const { reader } = useServices();
  const calls = useLive(['schedule'], () => reader.callsToday(), []).value.value ?? 0;
  return (
    <div class="section">
      <label class="check">
        <input
          type="checkbox"
          data-testid="setting-budget"
          checked={dailyCalls !== null}
          onChange={({ currentTarget: { checked } }) =>
            void save({ dailyCalls: checked ? usualBudget : null })
          }
        />
        {t('settings_daily_limit')}
      </label>
      {dailyCalls !== null && (
        <NumberField
          label={t('settings_daily_limit_calls')}
          testid="setting-daily-calls"
          least={100}
          most={1_000_000}
          value={dailyCalls}
          onSave={(value) => void save({ dailyCalls: value })}
        />
      )}
      <p class="soft small" data-testid="calls-today" data-calls={calls}>
        {plural('settings_calls_today', calls)}{' '}
        {dailyCalls !== null && calls >= dailyCalls && t('settings_daily_limit_reached')}
      </p>
    </div>
  );
}
