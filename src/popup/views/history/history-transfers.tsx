/** Archives that went out from here and came in, with everything that is known of them. */
import type { Transfer } from '../../../shared/archive.ts';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { now } from '../../../ui/state/clock.ts';
import { useLive } from '../../../ui/state/live.ts';
import { useServices } from '../../../ui/state/services.ts';
import { formatAgo, formatDateTime } from '../../../ui/text/format.ts';
import { contentsWords, importWords } from '../../../ui/text/history.ts';
import { shortId } from '../../../ui/text/ids.ts';
import { t } from '../../../ui/text/messages.ts';

const shown = 20;

/** Nothing where there was none. */
export function TransferList() {
  const { reader } = useServices();
  const transfers = useLive(['history'], () => reader.transfers({ limit: shown }), []).value.value;
  if (transfers === undefined || transfers.length === 0) return null;
  return (
    <section class="section" data-testid="transfers">
      <h2>{t('transfers_title')}</h2>
      {transfers.map((transfer) => (
        <Item key={transfer.id} transfer={transfer} />
      ))}
    </section>
  );
}

function Item({ transfer }: { readonly transfer: Transfer }) {
  const { kind, state, at, contents, installationId, pin } = transfer;
  const done = state.kind === 'done' ? state : null;
  return (
    <article
      class="card"
      data-testid="transfer"
      data-transfer-kind={kind}
      data-state={state.kind}
      data-pin={pin}
      data-installation-id={installationId ?? undefined}
      data-new-messages={done?.newMessages}
      data-error-code={state.kind === 'failed' ? state.error.code : undefined}
    >
      <p>{titleOf(transfer)}</p>
      <p class="soft small">
        <time dateTime={new Date(at).toISOString()}>{formatAgo(at, now.value)}</time>
        {contents !== null && ` · ${t('archive_holds', { contents: contentsWords(contents) })}`}
      </p>
      {kind === 'fetched' && installationId !== null && contents?.exportedAt != null && (
        <p class="soft small">
          {t('archive_from', {
            installation: shortId(installationId),
            when: formatDateTime(contents.exportedAt),
          })}
        </p>
      )}
      {state.kind === 'working' && <p class="soft small">{t('transfer_working')}</p>}
      {kind === 'fetched' && done !== null && <p class="soft small">{importWords(done)}</p>}
      {state.kind === 'failed' && <ErrorNote error={state.error} />}
    </article>
  );
}

function titleOf({ kind, pin, installationId }: Transfer): string {
  switch (kind) {
    case 'served':
      return t('transfer_served', { installation: shortId(installationId ?? '') });
    case 'sent':
      return t('transfer_sent', { pin });
    case 'fetched':
      return pin === '' ? t('transfer_fetched_newest') : t('transfer_fetched', { pin });
  }
}
