/** What waits for a signature: what it means, what it costs, and the way to give it. */
import type { ComponentChildren } from 'preact';
import type { SignatureRequest } from '../../shared/signature-request.ts';
import { formatNumber } from '../text/format.ts';
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
