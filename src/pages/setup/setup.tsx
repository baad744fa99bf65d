/** From nothing to a registered inbox; what it shows follows from the account in the store. */
import { registrationSteps, type PublicAccount } from '../../shared/account.ts';
import { AccountDetails } from '../../ui/components/account-details.tsx';
import { ActiveRun } from '../../ui/components/active-run.tsx';
import { ErrorNote } from '../../ui/components/error-note.tsx';
import { SignatureCard, SignWithKey } from '../../ui/components/signature-request.tsx';
import { RunItem } from '../../ui/components/run-item.tsx';
import { useApp } from '../../ui/state/app.ts';
import { useCommand } from '../../ui/state/command.ts';
import { useServices } from '../../ui/state/services.ts';
import { shortId } from '../../ui/text/ids.ts';
import { t } from '../../ui/text/messages.ts';
import { ChooseAccount } from './choose-account.tsx';

type Registering = Extract<PublicAccount, { phase: 'registering' }>;

export function Setup() {
  const { account } = useApp();
  const current = account.value.value;
  const phase =
    current === undefined
      ? 'loading'
      : current === null
        ? 'choose'
        : current.phase === 'ready'
          ? 'ready'
          : 'registering';
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
        {current === null && (
          <>
            <p>
              {t('setup_sentence_1')} {t('setup_sentence_2')} {t('setup_sentence_3')}
            </p>
            <ChooseAccount />
          </>
        )}
        {current?.phase === 'registering' && <Registration account={current} />}
        {current?.phase === 'ready' && <Ready account={current} />}
      </div>
    </main>
  );
}

function Registration({ account: { step, error } }: { readonly account: Registering }) {
  const { run, busy, error: commandError } = useCommand();
  const request = useApp().signatureRequest.value.value ?? null;
  const reached = registrationSteps.indexOf(step);
  return (
    <section class="stack" data-testid="registration" data-step={step} data-failed={error !== null}>
      <h2>{t(error === null ? 'registering_title' : 'setup_failed')}</h2>
      <ol class="steps">
        {registrationSteps.map((one, index) => (
          <li
            key={one}
            data-step-state={
              index < reached
                ? 'done'
                : index > reached
                  ? 'waiting'
                  : error === null
                    ? 'current'
                    : 'failed'
            }
            aria-current={index === reached ? 'step' : undefined}
          >
            <span class="dot" />
            {t(`setup_step_${one}`)}
          </li>
        ))}
      </ol>
      {request !== null && (
        <SignatureCard request={request}>
          <SignWithKey request={request} />
        </SignatureCard>
      )}
      {error !== null && (
        <>
          <ErrorNote error={error} alert />
          <ErrorNote error={commandError.value} alert />
          <div class="row">
            <button
              type="button"
              class="button primary"
              data-testid="retry-registration"
              aria-busy={busy.value}
              onClick={() => void run('retryRegistration', {})}
            >
              {t('setup_retry')}
            </button>
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
      )}
    </section>
  );
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
