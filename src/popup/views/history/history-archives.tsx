/** Archives that the person sends and fetches by hand. */
import { useSignal } from '@preact/signals';
import * as v from 'valibot';
import { pinSchema, type AvailableArchive } from '../../../shared/archive.ts';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { HistoryOptionFields, useHistoryOptions } from '../../../ui/components/history-options.tsx';
import { useCommand } from '../../../ui/state/command.ts';
import { useLive } from '../../../ui/state/live.ts';
import { useServices } from '../../../ui/state/services.ts';
import { t } from '../../../ui/text/messages.ts';
import { ArchiveDetails } from './history-request.tsx';

export function Archives() {
  return (
    <section class="section" data-testid="archives">
      <h2>{t('archives_title')}</h2>
      <p class="soft">{t('archives_about')}</p>
      <SendForm />
      <Offered />
    </section>
  );
}

function SendForm() {
  const { run, busy, error } = useCommand();
  const options = useHistoryOptions();
  const pin = useSignal('');
  const isUsable = v.is(pinSchema, pin.value) && options.problem === null;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isUsable) return;
        void run('sendArchive', { options: options.value, pin: pin.value }).then((answer) => {
          if (answer !== null) pin.value = '';
        });
      }}
    >
      <label class="field">
        <span class="label">{t('archives_pin')}</span>
        <input
          class="input"
          data-testid="archive-pin"
          autocomplete="off"
          value={pin.value}
          onInput={({ currentTarget }) => {
            pin.value = currentTarget.value;
          }}
        />
        <span class="soft small">{t('archives_pin_hint')}</span>
      </label>
      <details>
        <summary>{t('history_more')}</summary>
        <div class="stack inset">
          <HistoryOptionFields options={options} name="archive" />
        </div>
      </details>
      {options.problem !== null && (
        <p class="problem" role="alert">
          {options.problem}
        </p>
      )}
      <ErrorNote error={error.value} alert />
      <div>
        <button
          type="submit"
          class="button"
          data-testid="send-archive"
          aria-busy={busy.value}
          disabled={!isUsable}
        >
          {t('archives_send')}
        </button>
      </div>
    </form>
  );
}

function Offered() {
  const { reader } = useServices();
  const { run, busy, error } = useCommand();
  const known = useLive(['history'], () => reader.archives(), []).value.value;
  const fetch = (pin: string | null) => void run('fetchArchive', { pin });
  return (
    <div class="stack" data-testid="offered-archives" data-read-at={known?.readAt}>
      <div class="row">
        <button
          type="button"
          class="button"
          data-testid="find-archives"
          aria-busy={busy.value}
          onClick={() => void run('findArchives', {})}
        >
          {t('archives_look')}
        </button>
        {(known?.archives.length ?? 0) > 1 && (
          <button
            type="button"
            class="button quiet"
            data-testid="fetch-newest"
            onClick={() => fetch(null)}
          >
            {t('archives_import_newest')}
          </button>
        )}
      </div>
      <ErrorNote error={error.value} alert />
      {known?.archives.length === 0 && <p class="soft">{t('archives_none')}</p>}
      {known != null && known.archives.length > 0 && (
        <>
          <h3 class="soft small">{t('archives_offered')}</h3>
          <ul class="stack">
            {known.archives.map((archive) => (
              <Offer key={archive.url} archive={archive} onFetch={() => fetch(archive.pin)} />
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Offer({
  archive,
  onFetch,
}: {
  readonly archive: AvailableArchive;
  readonly onFetch: () => void;
}) {
  const { pin } = archive;
  return (
    <li class="card" data-testid="offered-archive" data-pin={pin} data-sender={archive.sender}>
      <p>
        {t('archives_pin')} <strong class="mono">{pin}</strong>
      </p>
      <ArchiveDetails archive={archive} />
      <div>
        <button
          type="button"
          class="button"
          data-testid="fetch-archive"
          aria-label={t('archives_import_label', { pin })}
          onClick={onFetch}
        >
          {t('archives_import')}
        </button>
      </div>
    </li>
  );
}
