/** One request for history: its steps, and the one thing to do next. */
import type { AvailableArchive } from '../../../shared/archive.ts';
import { isOpen, type HistoryRequest, type KnownInstallation } from '../../../shared/history.ts';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { historySteps, stepStates, type HistoryStep } from '../../../ui/logic/history-steps.ts';
import { now } from '../../../ui/state/clock.ts';
import { useCommand } from '../../../ui/state/command.ts';
import { formatAgo, formatDateTime } from '../../../ui/text/format.ts';
import { contentsWords, importWords, nextWords, soFarWords } from '../../../ui/text/history.ts';
import { shortId } from '../../../ui/text/ids.ts';
import { plural, t } from '../../../ui/text/messages.ts';

export function Request({ request }: { readonly request: HistoryRequest }) {
  const { id, state, requestedAt, others, attempts, options, emptyArchives, problem } = request;
  const states = stepStates(request);
  const imported = state.kind === 'imported' ? state : null;
  return (
    <article
      class="card"
      data-testid="history-request"
      data-request-id={id}
      data-state={state.kind}
      data-others={others.length}
      data-times={attempts}
      data-empty-archives={Object.keys(emptyArchives ?? {}).length}
      data-new-messages={imported?.newMessages}
      data-new-conversations={imported?.newConversations}
      data-problem={problem?.code}
      data-archive-from={'archive' in state ? state.archive.sender : undefined}
    >
      <p class="soft small">
        {formatAgo(requestedAt, now.value)} ·{' '}
        {t('history_asked_for', { elements: contentsWords(options) })}
      </p>
      <ol class="steps">
        {historySteps.map((step) => (
          <li key={step} class="step" data-step={step} data-step-state={states[step]}>
            <span class="hidden-visually">{t(`history_step_state_${states[step]}`)} </span>
            <span class="step-name">
              {t(
                step === 'import' && imported !== null
                  ? 'history_step_imported'
                  : `history_step_${step}`,
              )}
            </span>
            <StepDetail step={step} request={request} />
          </li>
        ))}
      </ol>
      <p class="next" aria-live="polite" data-testid="history-next">
        {nextWords(request, now.value)}
      </p>
      <ErrorNote error={state.kind === 'failed' ? state.error : problem} />
      {isOpen(request) && <Actions request={request} />}
    </article>
  );
}

function StepDetail({
  step,
  request: { state, others, attempts, giveUpAt },
}: {
  readonly step: HistoryStep;
  readonly request: HistoryRequest;
}) {
  switch (step) {
    case 'find':
      if (state.kind === 'nobody') return <p class="soft small">{t('history_step_found_none')}</p>;
      return others.length === 0 ? null : <Installations others={others} />;
    case 'ask':
      return attempts === 0 ? null : (
        <p class="soft small">{plural('history_step_asked', attempts)}</p>
      );
    case 'wait':
      return state.kind !== 'sent' ? null : (
        <p class="soft small">{t('history_asks_until', { when: formatDateTime(giveUpAt) })}</p>
      );
    case 'receive':
      return 'archive' in state ? <ArchiveDetails archive={state.archive} /> : null;
    case 'import':
      return <ImportDetail state={state} />;
  }
}

function ImportDetail({ state }: { readonly state: HistoryRequest['state'] }) {
  if (state.kind === 'imported') return <p class="soft small">{importWords(state)}</p>;
  if (state.kind !== 'importing' || state.soFar === undefined) return null;
  return (
    <p class="soft small" data-testid="import-so-far">
      {soFarWords(state.soFar)}
    </p>
  );
}

function Installations({ others }: { readonly others: readonly KnownInstallation[] }) {
  return (
    <details class="soft small">
      <summary>{plural('history_step_found', others.length)}</summary>
      <ul>
        {others.map(({ id, createdAt, seenAt }) => (
          <li key={id} data-testid="history-installation" data-installation-id={id}>
            <span class="mono" title={id}>
              {shortId(id)}
            </span>
            {createdAt !== null &&
              ` · ${t('history_device_created', { when: formatDateTime(createdAt) })}`}
            {' · '}
            {seenAt === null
              ? t('history_device_unseen')
              : t('history_device_seen', { when: formatAgo(seenAt, now.value) })}
          </li>
        ))}
      </ul>
    </details>
  );
}

export function ArchiveDetails({
  archive: { sender, sentAt, contents },
}: {
  readonly archive: AvailableArchive;
}) {
  return (
    <div class="soft small">
      <p title={sender}>
        {t('archive_from', { installation: shortId(sender), when: formatDateTime(sentAt) })}
      </p>
      <p>{t('archive_holds', { contents: contentsWords(contents) })}</p>
    </div>
  );
}

function Actions({ request: { id, state } }: { readonly request: HistoryRequest }) {
  const { run, busy, error } = useCommand();
  return (
    <>
      <ErrorNote error={error.value} alert />
      <div class="row">
        <button
          type="button"
          class="button"
          data-testid="retry-history"
          aria-busy={busy.value}
          disabled={state.kind === 'importing'}
          onClick={() => void run('retryHistory', { requestId: id })}
        >
          {t('history_retry')}
        </button>
        <button
          type="button"
          class="button quiet danger"
          data-testid="cancel-history"
          aria-busy={busy.value}
          disabled={state.kind === 'importing'}
          onClick={() => void run('cancelHistory', { requestId: id })}
        >
          {t('history_cancel')}
        </button>
      </div>
    </>
  );
}
