/** The way to a wallet in a web page, on whatever page of ours it is shown. */
import type { ComponentChildren } from 'preact';
import type { SignatureRequest } from '../../shared/signature-request.ts';
import { useApp } from '../state/app.ts';
import { useCommand } from '../state/command.ts';
import type { WalletStep } from '../state/wallet-step.ts';
import { t } from '../text/messages.ts';
import { ErrorNote } from './error-note.tsx';
import { SignatureCard } from './signature-request.tsx';

/** @param find what to show where the wallet has to be found. */
export function WalletSteps({
  step,
  find,
}: {
  readonly step: WalletStep;
  readonly find: ComponentChildren;
}) {
  const { walletLink, signatureRequest } = useApp();
  const state = walletLink.value.value?.state;
  const request = signatureRequest.value.value ?? null;
  switch (step.kind) {
    case 'find':
      return (
        <div class="stack" data-testid="wallet-step" data-step="find">
          {state?.kind === 'inviting' && <ErrorNote error={state.problem} alert />}
          {request === null ? find : <SignatureCard request={request}>{find}</SignatureCard>}
        </div>
      );
    case 'connecting':
      return (
        <div class="stack" data-testid="wallet-step" data-step="connecting">
          <h2>{t('wallet_connecting', { wallet: nameOf(step.walletName) })}</h2>
          <p>{t('wallet_connecting_hint', { origin: step.origin })}</p>
          <CancelWallet />
        </div>
      );
    case 'preparing':
      return (
        <p class="soft" data-testid="wallet-step" data-step="preparing">
          {t('wallet_preparing')}
        </p>
      );
    case 'sign':
      return (
        <div data-testid="wallet-step" data-step="sign">
          <SignatureCard request={step.request}>
            <SignWithWallet request={step.request} walletName={step.walletName} />
          </SignatureCard>
        </div>
      );
  }
}

function SignWithWallet({
  request,
  walletName,
}: {
  readonly request: SignatureRequest;
  readonly walletName: string;
}) {
  const { run, busy, error } = useCommand();
  const wallet = nameOf(walletName);
  if (request.state.kind === 'asking') {
    return (
      <div class="stack">
        <strong>{t('wallet_asking', { wallet })}</strong>
        <p class="soft">{t('wallet_asking_hint')}</p>
        <CancelWallet />
      </div>
    );
  }
  return (
    <>
      <ErrorNote error={error.value} alert />
      <div>
        <button
          type="button"
          class="button primary"
          data-testid="sign-with-wallet"
          aria-busy={busy.value}
          onClick={() => void run('signWithWallet', { requestId: request.id })}
        >
          {t('wallet_sign', { wallet })}
        </button>
      </div>
    </>
  );
}

export function CancelWallet() {
  const { run, busy } = useCommand();
  return (
    <div>
      <button
        type="button"
        class="button"
        data-testid="cancel-wallet"
        aria-busy={busy.value}
        onClick={() => void run('cancelWallet', {})}
      >
        {t('wallet_cancel')}
      </button>
    </div>
  );
}

/** What a wallet calls itself, or what to call one that does not say. */
export function nameOf(walletName: string): string {
  return walletName === '' ? t('wallet_unnamed') : walletName;
}
