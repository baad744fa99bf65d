/** What to do so that Lockstep can reach a wallet: it works in web pages, and is asked there. */
import { CancelWallet, nameOf } from '../../ui/components/wallet-steps.tsx';
import { t } from '../../ui/text/messages.ts';

export function WalletInstructions() {
  return (
    <div class="stack" data-testid="wallet-instructions">
      <h2>{t('wallet_title')}</h2>
      <ol class="numbered">
        {(['open', 'click', 'choose'] as const).map((step) => (
          <li key={step}>{t(`wallet_step_${step}`)}</li>
        ))}
      </ol>
      <p class="soft">{t('wallet_safe')}</p>
      <CancelWallet />
    </div>
  );
}

export function WalletReconnect({ walletName }: { readonly walletName: string }) {
  return <p class="note warn">{t('wallet_reconnect', { wallet: nameOf(walletName) })}</p>;
}
