/** Syncs in a row that found nothing: one line that unfolds into all of them. */
import type { ConversationId, RunId } from '../../shared/ids.ts';
import { commonCounts, type QuietRuns as Runs } from '../logic/run-groups.ts';
import { now } from '../state/clock.ts';
import { formatAgo, formatSpan } from '../text/format.ts';
import { plural } from '../text/messages.ts';
import { countWords } from '../text/runs.ts';
import { RunItem } from './run-item.tsx';

interface Props {
  readonly runs: Runs;
  /** The run that is to be seen unfolded. */
  readonly unfolded: RunId | null;
  readonly titleOf: (id: ConversationId) => string;
}

export function QuietRuns({ runs, unfolded, titleOf }: Props) {
  const [newest] = runs;
  const oldest = runs.at(-1) ?? newest;
  const counts = commonCounts(runs);
  const span = formatSpan(oldest.requestedAt, newest.requestedAt, now.value);
  return (
    <details
      class="run"
      open={runs.some(({ id }) => id === unfolded)}
      data-testid="quiet-runs"
      data-count={runs.length}
    >
      <summary>
        <span class="what one-line">{plural('activity_quiet', runs.length)}</span>
        <time class="when" dateTime={new Date(newest.requestedAt).toISOString()}>
          {formatAgo(newest.requestedAt, now.value)}
        </time>
        <span class="result">
          {span}
          {counts !== null && ` · ${countWords(counts)}`}
        </span>
      </summary>
      <div class="inside">
        {runs.map((run) => (
          <RunItem
            key={run.id}
            run={run}
            open={run.id === unfolded}
            completedBy={null}
            titleOf={titleOf}
          />
        ))}
      </div>
    </details>
  );
}
