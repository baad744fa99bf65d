/** From nothing to a registered inbox; what it shows follows from the account in the store. */
import type { PublicAccount } from '../../shared/account.ts';
import { AccountDetails } from '../../ui/components/account-details.tsx';
import { ActiveRun } from '../../ui/components/active-run.tsx';
import { ErrorNote } from '../../ui/components/error-note.tsx';
import { WalletSteps } from '../../ui/components/wallet-steps.tsx';
import { RunItem } from '../../ui/components/run-item.tsx';
import { useApp } from '../../ui/state/app.ts';
import { useWalletStep } from '../../ui/state/wallet-step.ts';
import { useServices } from '../../ui/state/services.ts';
import { shortId } from '../../ui/text/ids.ts';
import { t } from '../../ui/text/messages.ts';
import { Choose } from './choose.tsx';
import { Registration } from './registration.tsx';
import { WalletInstructions } from './wallet-way.tsx';

export function Setup() {
  const { account } = useApp();
  const current = account.value.value;
  const walletStep = useWalletStep();
  const phase = phaseOf(current, walletStep !== null);
  return (
    <main
      class="setup"
      data-testid="app"
      data-ready={String(phase !== 'loading')}
      data-screen="setup"
    >
      <div class="stack" data-testid="setup" data-phase={phase}>
        <header>
          <img src="/icons/128.png" width="56" height="56" alt="" />
          <h1>{t(phase === 'ready' ? 'setup_ready' : 'setup_title')}</h1>
        </header>
        <ErrorNote error={account.error.value} />
        {phase === 'choose' && <Choose />}
        {current === null && walletStep !== null && (
          <WalletSteps step={walletStep} find={<WalletInstructions />} />
        )}
        {current?.phase === 'registering' && <Registration account={current} />}
        {current?.phase === 'ready' && <Ready account={current} />}
      </div>
    </main>
  );
}

function phaseOf(account: PublicAccount | null | undefined, wantsWallet: boolean) {
  if (account === undefined) return 'loading';
  if (account === null) return wantsWallet ? 'wallet' : 'choose';
  return account.phase;
}

function Ready({ account }: { readonly account: PublicAccount }) {
  const { activeRun, lastRun } = useApp();
  const { openPage } = useServices();
  const active = activeRun.value.value;
  const last = lastRun.value.value;
  const run = active ?? last ?? null;
  return (
    <>
      <p>{t('setup_ready_hint')}</p>
      {run !== null && (
        <section
          class="section"
          data-testid="first-sync"
          data-run-id={run.id}
          data-run-state={run.state}
        >
          <h2>{t('setup_first_sync')}</h2>
          {active != null ? (
            <ActiveRun run={active} />
          ) : (
            <RunItem run={run} open completedBy={null} titleOf={shortId} />
          )}
        </section>
      )}
      <div>
        <button
          type="button"
          class="button primary"
          data-testid="open-inbox"
          onClick={() => void openPage('popup/index.html')}
        >
          {t('setup_open_inbox')}
        </button>
      </div>
      <AccountDetails account={account} />
    </>
  );
}
