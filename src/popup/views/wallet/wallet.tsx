/** Over a web page: the wallets in it, and what the chosen one is asked for. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { FoundWallets, PageWallet } from '../../../shared/wallet-link.ts';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { CancelWallet, nameOf, WalletSteps } from '../../../ui/components/wallet-steps.tsx';
import { useCommand } from '../../../ui/state/command.ts';
import type { WalletStep } from '../../../ui/state/wallet-step.ts';
import { t } from '../../../ui/text/messages.ts';

export function WalletView({ step }: { readonly step: WalletStep }) {
  return (
    <main
      class="app"
      data-testid="app"
      data-ready="true"
      data-screen="wallet"
      data-step={step.kind}
    >
      <div class="page stack">
        <WalletSteps step={step} find={<FindWallets />} />
      </div>
    </main>
  );
}

function FindWallets() {
  const search = useCommand();
  const choice = useCommand();
  const found = useSignal<FoundWallets | null>(null);
  const look = () => {
    found.value = null;
    search.clear();
    void search.run('findWallets', {}).then((answer) => {
      found.value = answer?.output ?? null;
    });
  };
  useEffect(look, []);
  if (found.value === null && search.error.value === null)
    return <p class="soft">{t('wallet_looking')}</p>;
  const wallets = found.value?.wallets ?? [];
  return (
    <div class="stack" data-testid="wallets" data-count={wallets.length}>
      {found.value === null ? (
        <ErrorNote error={search.error.value} alert />
      ) : wallets.length === 0 ? (
        <div class="note warn" data-testid="no-wallets">
          <strong>{t('wallet_none')}</strong>
          <span>{t('wallet_none_next')}</span>
        </div>
      ) : (
        <Choice
          found={found.value}
          choose={({ id }) => {
            const { sessionId } = found.value ?? { sessionId: '' };
            void choice.run('connectWallet', { sessionId, walletId: id });
          }}
        />
      )}
      <ErrorNote error={choice.error.value} alert />
      <div class="row">
        <button type="button" class="button" data-testid="look-again" onClick={look}>
          {t('wallet_look_again')}
        </button>
        <CancelWallet />
      </div>
    </div>
  );
}

function Choice({
  found,
  choose,
}: {
  readonly found: FoundWallets;
  readonly choose: (wallet: PageWallet) => void;
}) {
  return (
    <>
      <div>
        <h2>{t('wallet_choose')}</h2>
        <p class="soft small one-line" dir="auto" title={found.origin}>
          {t('wallet_origin', { origin: found.origin })}
        </p>
      </div>
      <ul class="stack">
        {found.wallets.map((wallet) => (
          <li key={wallet.id}>
            <button
              type="button"
              class="wallet"
              data-testid="wallet"
              data-wallet-name={wallet.name}
              onClick={() => choose(wallet)}
            >
              {wallet.icon === null ? (
                <span class="wallet-icon" aria-hidden="true" />
              ) : (
                <img class="wallet-icon" src={wallet.icon} alt="" />
              )}
              <span class="one-line" dir="auto">
                {nameOf(wallet.name)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p class="soft small">{t('wallet_safe')}</p>
    </>
  );
}
