/** The one button that gets history, and what can be chosen beside it. */
import { useSignal } from '@preact/signals';
import * as v from 'valibot';
import { longestPatience, shortestPatience, usualPatience } from '../../../shared/history.ts';
import { hostSchema } from '../../../shared/network-choice.ts';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { HistoryOptionFields, useHistoryOptions } from '../../../ui/components/history-options.tsx';
import { useApp } from '../../../ui/state/app.ts';
import { useCommand } from '../../../ui/state/command.ts';
import { patienceWords } from '../../../ui/text/history.ts';
import { t } from '../../../ui/text/messages.ts';

const patiences = [shortestPatience, 6, usualPatience, 3 * 24, longestPatience];

export function RequestForm() {
  const { requestedHistory } = useApp();
  const { run, busy, error } = useCommand();
  const options = useHistoryOptions();
  const server = useSignal('');
  const patience = useSignal(usualPatience);
  const isBadServer = server.value.trim() !== '' && !v.is(hostSchema, server.value);
  const problem = options.problem ?? (isBadServer ? t('history_server_bad') : null);

  async function ask() {
    if (problem !== null) return;
    requestedHistory.value = null;
    const answer = await run('requestHistory', {
      options: options.value,
      serverUrl: server.value.trim() === '' ? null : server.value,
      patience: patience.value,
    });
    requestedHistory.value = answer?.output.requestId ?? null;
  }
  return (
    <form
      class="stack"
      data-testid="history-form"
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      <details data-testid="history-more">
        <summary>{t('history_more')}</summary>
        <div class="stack inset">
          <HistoryOptionFields options={options} name="history" />
          <label class="field">
            <span class="label">{t('history_keep_asking')}</span>
            <select
              class="select"
              data-testid="history-patience"
              value={String(patience.value)}
              onChange={({ currentTarget }) => {
                patience.value = Number(currentTarget.value);
              }}
            >
              {patiences.map((hours) => (
                <option key={hours} value={hours}>
                  {patienceWords(hours)}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            <span class="label">{t('history_server')}</span>
            <input
              type="url"
              class="input"
              dir="ltr"
              data-testid="history-server"
              value={server.value}
              aria-invalid={isBadServer}
              onInput={({ currentTarget }) => {
                server.value = currentTarget.value;
              }}
            />
            <span class="soft small">{t('history_server_hint')}</span>
          </label>
        </div>
      </details>
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <ErrorNote error={error.value} alert />
      <div>
        <button
          type="submit"
          class="button primary"
          data-testid="request-history"
          aria-busy={busy.value}
          disabled={problem !== null}
        >
          {t('history_ask')}
        </button>
      </div>
    </form>
  );
}
