/** How far the registration has come, and what it needs of the person. */
import { registrationSteps, type PublicAccount } from '../../shared/account.ts';
import { ErrorNote } from '../../ui/components/error-note.tsx';
import { SignLocally } from '../../ui/components/sign-locally.tsx';
import { SignatureCard } from '../../ui/components/signature-request.tsx';
import { WalletSteps } from '../../ui/components/wallet-steps.tsx';
import { useApp } from '../../ui/state/app.ts';
import { useCommand } from '../../ui/state/command.ts';
import { useWalletStep } from '../../ui/state/wallet-step.ts';
import { t } from '../../ui/text/messages.ts';
import { WalletReconnect } from './wallet-way.tsx';

type Registering = Extract<PublicAccount, { phase: 'registering' }>;

export function Registration({ account }: { readonly account: Registering }) {
  const { step, error } = account;
  const reached = registrationSteps.indexOf(step);
  const stateOf = (index: number) => {
    if (index < reached) return 'done';
    if (index > reached) return 'waiting';
    return error === null ? 'current' : 'failed';
  };
  return (
    <section class="stack" data-testid="registration" data-step={step} data-failed={error !== null}>
      <h2>{t(error === null ? 'registering_title' : 'setup_failed')}</h2>
      <ol class="steps">
        {registrationSteps.map((one, index) => (
          <li
            key={one}
            data-step-state={stateOf(index)}
            aria-current={index === reached ? 'step' : undefined}
          >
            <span class="dot" />
            {t(`setup_step_${one}`)}
          </li>
        ))}
      </ol>
      <Signing account={account} />
      <ErrorNote error={error} alert />
      <Choices failed={error !== null} />
    </section>
  );
}

function Signing({ account: { signer } }: { readonly account: Registering }) {
  const request = useApp().signatureRequest.value.value ?? null;
  const walletStep = useWalletStep();
  if (signer.kind === 'wallet') {
    if (walletStep === null || walletStep.kind === 'preparing') return null;
    return (
      <WalletSteps step={walletStep} find={<WalletReconnect walletName={signer.walletName} />} />
    );
  }
  if (request === null) return null;
  return (
    <SignatureCard request={request}>
      <SignLocally
        request={request}
        kept={signer.key.kind === 'encrypted' ? signer.key.key : null}
      />
    </SignatureCard>
  );
}

function Choices({ failed }: { readonly failed: boolean }) {
  const waits = (useApp().signatureRequest.value.value ?? null) !== null;
  const { run, busy, error } = useCommand();
  if (!failed && !waits) return null;
  return (
    <>
      <ErrorNote error={error.value} alert />
      <div class="row">
        {failed && (
          <button
            type="button"
            class="button primary"
            data-testid="retry-registration"
            aria-busy={busy.value}
            onClick={() => void run('retryRegistration', {})}
          >
            {t('setup_retry')}
          </button>
        )}
        <button
          type="button"
          class="button"
          data-testid="discard-registration"
          aria-busy={busy.value}
          onClick={() => void run('discardRegistration', {})}
        >
          {t('setup_discard')}
        </button>
      </div>
    </>
  );
}
