/** What waits for a signature: what it means, what it costs, and the way to give it. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { SignatureRequest } from '../../shared/signature-request.ts';
import { looksLikePrivateKey } from '../logic/hosts.ts';
import { useCommand } from '../state/command.ts';
import { formatNumber } from '../text/format.ts';
import { shortId } from '../text/ids.ts';
import { t } from '../text/messages.ts';
import { ErrorNote } from './error-note.tsx';

/** @param children the way to give it, for the kind of signer that is asked. */
export function SignatureCard({
  request,
  children,
}: {
  readonly request: SignatureRequest;
  readonly children: ComponentChildren;
}) {
  const { purpose, usage, text, state } = request;
  return (
    <section
      class="section stack"
      data-testid="signature-request"
      data-request-id={request.id}
      data-purpose={purpose.kind}
      data-state={state.kind}
    >
      <h2>{t(`sign_title_${purpose.kind}`)}</h2>
      <p>{t(`sign_meaning_${purpose.kind}`)}</p>
      <p class="soft" data-testid="signature-cost">
        {t('sign_cost', {
          installations: formatNumber(usage.installations),
          updates: formatNumber(usage.updates),
        })}
      </p>
      <details>
        <summary>{t('sign_text')}</summary>
        <pre class="mono small signed-text" dir="ltr">
          {text}
        </pre>
      </details>
      {state.kind === 'waiting' && <ErrorNote error={state.problem} alert />}
      {children}
    </section>
  );
}

/** For a local account whose key is not kept. */
export function SignWithKey({ request }: { readonly request: SignatureRequest }) {
  const { run, busy, error } = useCommand();
  const key = useSignal('');
  const tried = useSignal(false);
  const isWrong = tried.value && !looksLikePrivateKey(key.value);
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        tried.value = true;
        const privateKey = key.value.trim();
        if (looksLikePrivateKey(privateKey)) {
          void run('signWithKey', { requestId: request.id, privateKey });
        }
      }}
    >
      <label class="field">
        <span class="label">{t('sign_key_label', { address: shortId(request.address) })}</span>
        <input
          type="password"
          class="input mono"
          dir="ltr"
          autocomplete="off"
          spellcheck={false}
          data-testid="sign-key"
          value={key.value}
          aria-invalid={isWrong}
          onInput={({ currentTarget }) => {
            key.value = currentTarget.value;
          }}
        />
        <span class={isWrong ? 'problem' : 'soft small'} role={isWrong ? 'alert' : undefined}>
          {t(isWrong ? 'key_malformed' : 'sign_key_hint')}
        </span>
      </label>
      <ErrorNote error={error.value} alert />
      <div>
        <button
          type="submit"
          class="button primary"
          data-testid="sign-with-key"
          aria-busy={busy.value}
        >
          {t('sign_with_key')}
        </button>
      </div>
    </form>
  );
}
