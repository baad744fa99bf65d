/** Choosing what locks a backup: a passphrase, twice, or a generated key that is shown once. */
import { useComputed, useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import { shortestPassphrase, type BackupSecret } from '../../shared/backup.ts';
import { generateBackupKey } from '../../shared/backup-key.ts';
import { formatNumber } from '../text/format.ts';
import { t } from '../text/messages.ts';

/** From this length on, guessing is hopeless even for passphrases of plain words. */
const goodLength = 20;

export interface ChosenSecret {
  readonly kind: Signal<BackupSecret['kind']>;
  readonly first: Signal<string>;
  readonly second: Signal<string>;
  readonly key: Signal<string>;
  readonly kept: Signal<boolean>;
  /** Null while it cannot be used. */
  readonly value: ReadonlySignal<BackupSecret | null>;
  clear(): void;
}

export function useNewSecret(): ChosenSecret {
  const kind = useSignal<BackupSecret['kind']>('passphrase');
  const first = useSignal('');
  const second = useSignal('');
  const key = useSignal('');
  const kept = useSignal(false);
  const value = useComputed((): BackupSecret | null => {
    if (kind.value === 'key') {
      return kept.value && key.value !== '' ? { kind: 'key', text: key.value } : null;
    }
    const isUsable = first.value.length >= shortestPassphrase && first.value === second.value;
    return isUsable ? { kind: 'passphrase', text: first.value } : null;
  });
  const clear = () => {
    first.value = second.value = key.value = '';
    kept.value = false;
    kind.value = 'passphrase';
  };
  return { kind, first, second, key, kept, value, clear };
}

interface Props {
  readonly secret: ChosenSecret;
  /** Begins the test ids, where a page has several of these. */
  readonly name: string;
}

export function SecretChoice({ secret, name }: Props) {
  const choose = (kind: BackupSecret['kind']) => {
    secret.kind.value = kind;
    // Made here and told to nobody but the person, before anything is locked with it.
    if (kind === 'key' && secret.key.value === '') {
      void generateBackupKey().then((key) => {
        secret.key.value = key;
      });
    }
  };
  return (
    <>
      <fieldset class="section bare">
        <legend class="label">{t('backup_secret')}</legend>
        {(['passphrase', 'key'] as const).map((kind) => (
          <label key={kind} class="check">
            <input
              type="radio"
              name={`${name}-secret`}
              data-testid={`${name}-secret-${kind}`}
              checked={secret.kind.value === kind}
              onChange={() => choose(kind)}
            />
            {t(`backup_secret_${kind}`)}
          </label>
        ))}
      </fieldset>
      {secret.kind.value === 'passphrase' ? (
        <>
          <NewPassphrase secret={secret} name={name} />
          <p class="soft small">{t('backup_secret_warning')}</p>
        </>
      ) : (
        <NewKey secret={secret} name={name} />
      )}
    </>
  );
}

export function NewPassphrase({ secret: { first, second }, name }: Props) {
  const { length } = first.value;
  const differs = second.value !== '' && first.value !== second.value;
  return (
    <>
      <Passphrase
        label={t('backup_passphrase')}
        testid={`${name}-passphrase`}
        value={first}
        isNew
      />
      <p class="soft small" role="status">
        {length < shortestPassphrase
          ? t('backup_passphrase_short', { count: formatNumber(shortestPassphrase) })
          : t(length < goodLength ? 'backup_passphrase_fair' : 'backup_passphrase_good')}
      </p>
      <Passphrase
        label={t('backup_passphrase_confirm')}
        testid={`${name}-passphrase-again`}
        value={second}
        isNew
      />
      {differs && <p class="problem">{t('backup_passphrase_mismatch')}</p>}
    </>
  );
}

export function Passphrase({
  label,
  testid,
  value,
  isNew = false,
}: {
  readonly label: string;
  readonly testid: string;
  readonly value: Signal<string>;
  readonly isNew?: boolean;
}) {
  return (
    <label class="field">
      <span class="label">{label}</span>
      <input
        type="password"
        class="input"
        autocomplete={isNew ? 'new-password' : 'off'}
        data-testid={testid}
        value={value.value}
        onInput={({ currentTarget }) => {
          value.value = currentTarget.value;
        }}
      />
    </label>
  );
}

function NewKey({ secret: { key, kept }, name }: Props) {
  return (
    <div class="note warn">
      <span>{t('backup_key_about')}</span>
      <output
        class="mono break backup-key"
        dir="ltr"
        data-testid={`${name}-key`}
        aria-label={t('backup_key')}
      >
        {key.value}
      </output>
      <div>
        <button
          type="button"
          class="button"
          onClick={() => void navigator.clipboard.writeText(key.value)}
        >
          {t('copy')}
        </button>
      </div>
      <label class="check">
        <input
          type="checkbox"
          data-testid={`${name}-key-kept`}
          checked={kept.value}
          onChange={({ currentTarget: { checked } }) => {
            kept.value = checked;
          }}
        />
        {t('backup_key_kept')}
      </label>
    </div>
  );
}
