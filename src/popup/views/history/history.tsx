/** Getting history from the person's other installations, and giving it to them. */
import { isOpen } from '../../../shared/history.ts';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { hrefOf } from '../../../ui/logic/routes.ts';
import { useLive } from '../../../ui/state/live.ts';
import { useServices } from '../../../ui/state/services.ts';
import { t } from '../../../ui/text/messages.ts';
import { Archives } from './history-archives.tsx';
import { RequestForm } from './history-form.tsx';
import { Request } from './history-request.tsx';
import { TransferList } from './history-transfers.tsx';

/** Requests are few; this many fill more than a page. */
const shown = 20;

export function History() {
  const { reader } = useServices();
  const requests = useLive(['history'], () => reader.historyRequests({ limit: shown }), []);
  const all = requests.value.value ?? [];
  const open = all.filter(isOpen);
  const past = all.filter((request) => !isOpen(request));
  return (
    <div class="page">
      <section class="section">
        <h2>{t('history_title')}</h2>
        <p class="soft">{t('history_about')}</p>
        {open.map((request) => (
          <Request key={request.id} request={request} />
        ))}
        <RequestForm />
      </section>
      <ErrorNote error={requests.error.value} />
      {past.length > 0 && (
        <section class="section">
          <h2>{t('history_past')}</h2>
          {past.map((request) => (
            <Request key={request.id} request={request} />
          ))}
        </section>
      )}
      <section class="section">
        <h2>{t('backups_title')}</h2>
        <p>
          <a href={hrefOf({ view: 'backups' })} data-testid="history-backups">
            {t('backups_open')}
          </a>
        </p>
      </section>
      <Archives />
      <TransferList />
    </div>
  );
}
