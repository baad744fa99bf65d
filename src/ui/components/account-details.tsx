/** Whose inbox this is. Full values are one click away, because people paste them elsewhere. */
import { useSignal } from '@preact/signals';
import type { PublicAccount } from '../../shared/account.ts';
import { shortId } from '../text/ids.ts';
import { t, type MessageKey } from '../text/messages.ts';

export function AccountDetails({ account }: { readonly account: PublicAccount }) {
  const ready = account.phase === 'ready' ? account : null;
  return (
    <dl
      class="details-list"
      data-testid="account"
      data-inbox-id={ready?.inboxId}
      data-installation-id={ready?.installationId}
      data-address={account.address}
      data-network={account.network.kind}
      data-created-at={account.createdAt}
    >
      <Fact label="account_address" value={account.address} testid="copy-address" />
      {ready !== null && (
        <>
          <Fact label="account_inbox" value={ready.inboxId} testid="copy-inbox-id" />
          <Fact
            label="account_installation"
            value={ready.installationId}
            testid="copy-installation-id"
          />
        </>
      )}
      <div>
        <dt>{t('account_network')}</dt>
        <dd>{t(`network_${account.network.kind}`)}</dd>
      </div>
    </dl>
  );
}

function Fact({
  label,
  value,
  testid,
}: {
  readonly label: Extract<MessageKey, `account_${string}`>;
  readonly value: string;
  readonly testid: string;
}) {
  const copied = useSignal(false);
  return (
    <div>
      <dt>{t(label)}</dt>
      <dd>
        <span class="mono one-line" title={value}>
          {shortId(value)}
        </span>
        <button
          type="button"
          class="button quiet"
          data-testid={testid}
          aria-label={`${t('copy')}: ${t(label)}`}
          onClick={() => {
            void navigator.clipboard.writeText(value).then(() => {
              copied.value = true;
            });
          }}
        >
          {t(copied.value ? 'copied' : 'copy')}
        </button>
      </dd>
    </div>
  );
}
