/** Signing with a local account's key: entered once more, or opened with its passphrase. */
import { useSignal } from '@preact/signals';
import type { EncryptedKey } from '../../shared/encrypted-key.ts';
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts';
import { toHex } from '../../shared/hex.ts';
import type { SignatureRequest } from '../../shared/signature-request.ts';
import { useCommand } from '../state/command.ts';
import { useKeyEntry } from '../state/key-entry.ts';
import { shortId } from '../text/ids.ts';
import { t } from '../text/messages.ts';
import { Passphrase } from './backup-secret.tsx';
import { ErrorNote } from './error-note.tsx';
import { KeyFields } from './key-entry.tsx';

/** @param kept the key under its passphrase; null where it is not kept. */
export function SignLocally({
  request,
  kept,
}: {
  readonly request: SignatureRequest;
  readonly kept: EncryptedKey | null;
}) {
  const { run, busy, error } = useCommand();
  const entry = useKeyEntry();
  const passphrase = useSignal('');
  const opening = useSignal(false);
  const failure = useSignal<ErrorRecord | null>(null);

  async function keyFor(sealed: EncryptedKey): Promise<Uint8Array | null> {
    opening.value = true;
    failure.value = null;
    try {
      const { openSealedKey } = await import('../../shared/seal-key.ts');
      return await openSealedKey(sealed, passphrase.value);
    } catch (thrown) {
      failure.value = toErrorRecord(thrown);
      return null;
    } finally {
      opening.value = false;
    }
  }
  async function sign() {
    const key = kept === null ? await entry.read() : await keyFor(kept);
    if (key === null) return;
    await run('signWithKey', { requestId: request.id, privateKey: toHex(key) });
  }
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void sign();
      }}
    >
      {kept === null ? (
        <KeyFields
          entry={entry}
          label={t('sign_key_label', { address: shortId(request.address) })}
          hint={t('sign_key_hint')}
        />
      ) : (
        <Passphrase label={t('key_passphrase')} testid="key-passphrase" value={passphrase} />
      )}
      <ErrorNote error={failure.value ?? error.value} alert />
      <div>
        <button
          type="submit"
          class="button primary"
          data-testid="sign-with-key"
          aria-busy={busy.value || entry.busy.value || opening.value}
        >
          {t('sign_with_key')}
        </button>
      </div>
    </form>
  );
}
