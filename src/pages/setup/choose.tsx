/** The first run: what Lockstep is, and the three ways to an inbox. */
import { useSignal } from '@preact/signals';
import { ErrorNote } from '../../ui/components/error-note.tsx';
import { useCommand } from '../../ui/state/command.ts';
import { t } from '../../ui/text/messages.ts';
import { ImportKey } from './import-key.tsx';
import { NetworkChoice, useNetwork } from './network-choice.tsx';
import { NewAccount } from './new-account.tsx';

type Way = 'choose' | 'key' | 'new';

export function Choose() {
  const way = useSignal<Way>('choose');
  const network = useNetwork();
  const { run, busy, error } = useCommand();
  const back = () => {
    way.value = 'choose';
  };
  const useWallet = () => {
    const chosen = network.read();
    if (chosen !== null) void run('inviteWallet', { network: chosen });
  };
  return (
    <>
      {way.value === 'key' && <ImportKey network={network} back={back} />}
      {way.value === 'new' && <NewAccount network={network} back={back} />}
      {way.value === 'choose' && (
        <div class="stack" data-testid="ways">
          <p class="lead">{t('setup_lead')}</p>
          <button
            type="button"
            class="button primary large"
            data-testid="way-wallet"
            aria-busy={busy.value}
            onClick={useWallet}
          >
            {t('setup_wallet')}
          </button>
          <p class="soft small">{t('setup_wallet_hint')}</p>
          <ErrorNote error={error.value} alert />
          {(['key', 'new'] as const).map((one) => (
            <button
              key={one}
              type="button"
              class="button large"
              data-testid={`way-${one}`}
              onClick={() => {
                way.value = one;
              }}
            >
              {t(`setup_way_${one}`)}
            </button>
          ))}
        </div>
      )}
      <NetworkChoice network={network} />
    </>
  );
}
