/** One run in the list of past syncs: a line that unfolds into everything that is known of it. */
import type { ConversationId } from '../../shared/ids.ts';
import type { Run, RunFailure, RunFinding } from '../../shared/run.ts';
import { now } from '../state/clock.ts';
import { formatAgo, formatDateTime } from '../text/format.ts';
import { shortId } from '../text/ids.ts';
import { isolated, plural, t } from '../text/messages.ts';
import { countWords, findingWords, outcomeWords, runTitle, triggerWords } from '../text/runs.ts';
import { ErrorNote } from './error-note.tsx';
import { SummaryRows } from './summary-rows.tsx';

interface Props {
  readonly run: Run;
  readonly open: boolean;
  /** The id of the run that completed this one, where this one was interrupted. */
  readonly completedBy: string | null;
  readonly titleOf: (id: ConversationId) => string;
}

export function RunItem({ run, open, completedBy, titleOf }: Props) {
  const { scope, state } = run;
  const outcome =
    state === 'interrupted' && completedBy !== null
      ? t('run_interrupted_completed')
      : outcomeWords(run);
  const counts = countsOf(run);
  return (
    <details
      class="run"
      open={open}
      data-testid="run"
      data-run-id={run.id}
      data-run-state={state}
      data-scope={scope.kind}
      data-consent={scope.kind === 'all' ? scope.consent.join(',') : undefined}
      data-conversation-id={scope.kind === 'conversation' ? scope.conversationId : undefined}
      data-trigger={run.trigger}
      data-requested-at={run.requestedAt}
      data-joined={run.joined}
      data-completes={run.completes ?? undefined}
      data-completed-by={completedBy ?? undefined}
    >
      <summary>
        <span class="what one-line">{runTitle(run, titleOf)}</span>
        <time class="when" dateTime={new Date(run.requestedAt).toISOString()}>
          {formatAgo(run.requestedAt, now.value)}
        </time>
        <span class="result">
          {outcome}
          {counts !== null && ` · ${countWords(counts)}`}
        </span>
      </summary>
      <div class="inside">
        <p class="soft small">
          {t('run_started')}: {formatDateTime(run.requestedAt)} · {triggerWords(run.trigger)}
          {run.joined > 0 && ` · ${plural('run_joined', run.joined)}`}
        </p>
        {state === 'failed' && <ErrorNote error={run.error} />}
        {(state === 'complete' || state === 'partial') && (
          <>
            {run.summary.failures.map((failure, index) => (
              <Failure key={index} failure={failure} titleOf={titleOf} />
            ))}
            <Findings findings={run.summary.findings} titleOf={titleOf} />
            <SummaryRows summary={run.summary} />
          </>
        )}
      </div>
    </details>
  );
}

/** Null where libxmtp counted nothing. */
function countsOf(run: Run): { readonly eligible: number; readonly synced: number } | null {
  if (run.state !== 'complete' && run.state !== 'partial') return null;
  const { eligible, synced } = run.summary;
  return eligible === null || synced === null ? null : { eligible, synced };
}

function Findings({
  findings,
  titleOf,
}: {
  readonly findings: readonly RunFinding[];
  readonly titleOf: Props['titleOf'];
}) {
  if (findings.length === 0) return null;
  return (
    <div class="section small">
      <h3 class="soft small">{t('findings_title')}</h3>
      {findings.map((finding) => (
        <p
          key={finding.conversationId}
          data-testid="run-finding"
          data-conversation-id={finding.conversationId}
          data-missing={finding.missing}
          data-surplus={finding.surplus}
        >
          {t('finding_in', {
            name: isolated(titleOf(finding.conversationId)),
            what: findingWords(finding),
          })}
        </p>
      ))}
    </div>
  );
}

function Failure({
  failure: { conversationId, error },
  titleOf,
}: {
  readonly failure: RunFailure;
  readonly titleOf: Props['titleOf'];
}) {
  return (
    <div
      class="section"
      data-testid="run-failure"
      data-error-code={error.code}
      data-conversation-id={conversationId ?? undefined}
    >
      <span class="small">
        {conversationId === null
          ? t('failure_elsewhere')
          : t('failure_in', { name: isolated(titleOf(conversationId) || shortId(conversationId)) })}
      </span>
      <ErrorNote error={error} />
    </div>
  );
}
