/** The state of the database connection, and dropping or reconnecting it by hand. */
import { useRef } from 'preact/hooks';
import type { ConnectionStatus } from '../shared/connection-status.ts';
import type { LiveStatus as LiveMode } from '../shared/live-status.ts';
import { ErrorNote } from '../ui/components/error-note.tsx';
import { isUnusable } from '../ui/logic/database-trouble.ts';
import { hrefOf } from '../ui/logic/routes.ts';
import { useApp } from '../ui/state/app.ts';
import { now } from '../ui/state/clock.ts';
import { useCommand } from '../ui/state/command.ts';
import { formatAgo } from '../ui/text/format.ts';
import { t, type MessageKey } from '../ui/text/messages.ts';

export function ConnectionButton() {
  const { connection, liveMode } = useApp();
  const { run, busy, error } = useCommand();
  const sheet = useRef<HTMLDialogElement>(null);
  const current = connection.value.value;
  if (current === undefined) return null;
  const { state } = current;
  const live = liveMode.value.value?.state ?? 'off';
  const words = wordsOf(state, live);
  const isBroken = state === 'failed' && isUnusable(current.error);
  const isClosed = state === 'released' || state === 'failed' || state === 'resting';
  return (
    <>
      <button
        type="button"
        class="connection"
        data-testid="connection"
        data-connection-state={state}
        data-live={live}
        onClick={() => sheet.current?.showModal()}
      >
        <span class={`dot ${state}`} />
        <span class="one-line">{t(words.label)}</span>
      </button>
      <dialog ref={sheet} data-testid="connection-sheet" aria-labelledby="connection-title">
        <div class="stack">
          <h2 id="connection-title">{t('connection_title')}</h2>
          <p>{t(words.about)}</p>
          {current.since > 0 && (
            <p class="soft small">
              {t('connection_since', { when: formatAgo(current.since, now.value) })}
            </p>
          )}
          {state === 'failed' && <ErrorNote error={current.error} />}
          <ErrorNote error={error.value} alert />
          <p>
            <a
              href={hrefOf({ view: 'database' })}
              data-testid="sheet-database"
              onClick={() => sheet.current?.close()}
            >
              {t(isBroken ? 'database_see_options' : 'database_open')}
            </a>
          </p>
          <div class="row">
            {state !== 'released' && !isBroken && (
              <button
                type="button"
                class="button"
                data-testid="drop-database"
                aria-busy={busy.value}
                onClick={() => void run('dropDatabase', {})}
              >
                {t('connection_drop')}
              </button>
            )}
            {isClosed && (
              <button
                type="button"
                class="button primary"
                data-testid="reconnect-database"
                aria-busy={busy.value}
                onClick={() => void run('reconnectDatabase', {})}
              >
                {t('connection_reconnect')}
              </button>
            )}
            <button
              type="button"
              class="button quiet"
              data-testid="close-sheet"
              onClick={() => sheet.current?.close()}
            >
              {t('connection_close')}
            </button>
          </div>
        </div>
      </dialog>
    </>
  );
}

interface Words {
  readonly label: MessageKey;
  readonly about: MessageKey;
}

/** What is going on, in a word and in a sentence: live mode says more than the connection alone. */
function wordsOf(state: ConnectionStatus['state'], live: LiveMode['state']): Words {
  const usual: Words = { label: `connection_${state}`, about: `connection_about_${state}` };
  switch (live) {
    case 'off':
      return usual;
    case 'on':
      return state === 'open'
        ? { label: 'connection_live', about: 'connection_about_live' }
        : usual;
    case 'connecting':
      return { label: 'connection_live_connecting', about: 'connection_about_live_connecting' };
    case 'waiting':
      return state === 'released' ? usual : { ...usual, about: 'connection_about_live_waiting' };
  }
}
