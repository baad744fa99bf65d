/** The end of both ways with a key of one's own: whether it is kept, and the start of the registration. */
import { useSignal } from '@preact/signals';
import { encryptedKeyMessage } from '../../shared/encrypted-key.ts';
import { toHex } from '../../shared/hex.ts';
import { NewPassphrase, useNewSecret } from '../../ui/components/backup-secret.tsx';
import { ErrorNote } from '../../ui/components/error-note.tsx';
import { useCommand } from '../../ui/state/command.ts';
import { t } from '../../ui/text/messages.ts';
import type { ChosenNetwork } from './network-choice.tsx';

/** @param readKey answers 32 bytes, or null where something is wrong and says so. */
export function CreateAccount({
  network,
  readKey,
  back,
}: {
  readonly network: ChosenNetwork;
  readonly readKey: () => Promise<Uint8Array<ArrayBuffer> | null>;
  readonly back: () => void;
}) {
  const { run, busy, error } = useCommand();
  const keeps = useSignal(false);
  const sealing = useSignal(false);
  const secret = useNewSecret();

  async function create() {
    const chosen = network.read();
    const key = await readKey();
    const passphrase = secret.value.value?.text ?? null;
    if (chosen === null || key === null || (keeps.value && passphrase === null)) return;
    let keep = null;
    if (keeps.value && passphrase !== null) {
      sealing.value = true;
      const { sealKey } = await import('../../shared/seal-key.ts');
      keep = encryptedKeyMessage(await sealKey(key, passphrase));
      sealing.value = false;
    }
    await run('createAccount', { network: chosen, privateKey: toHex(key), keep });
  }
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <label class="check">
        <input
          type="checkbox"
          data-testid="keep-key"
          checked={keeps.value}
          onChange={({ currentTarget: { checked } }) => {
            keeps.value = checked;
          }}
        />
        <span>
          {t('key_keep')}
          <br />
          <span class="soft small">{t('key_keep_hint')}</span>
        </span>
      </label>
      {keeps.value && <NewPassphrase secret={secret} name="key" />}
      <ErrorNote error={error.value} alert />
      <div class="row">
        <button
          type="submit"
          class="button primary"
          data-testid="create-account"
          aria-busy={busy.value || sealing.value}
        >
          {t('setup_continue')}
        </button>
        <button type="button" class="button" data-testid="setup-back" onClick={back}>
          {t('setup_back')}
        </button>
      </div>
    </form>
  );
}
