/** Past syncs, newest first, each with everything that is known of it. */
import { useSignal } from '@preact/signals';
import type { ConversationId, RunId } from '../../../shared/ids.ts';
import type { Run } from '../../../shared/run.ts';
import type { StoreReader } from '../../../store/reader.ts';
import { Empty } from '../../../ui/components/empty.tsx';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { QuietRuns } from '../../../ui/components/quiet-runs.tsx';
import { RunItem } from '../../../ui/components/run-item.tsx';
import { groupRuns } from '../../../ui/logic/run-groups.ts';
import { useLive } from '../../../ui/state/live.ts';
import { useServices } from '../../../ui/state/services.ts';
import { conversationTitle } from '../../../ui/text/conversations.ts';
import { shortId } from '../../../ui/text/ids.ts';
import { t } from '../../../ui/text/messages.ts';
import { TransferList } from '../history/history-transfers.tsx';

const pageSize = 25;

/** The latest runs: at least `lines` lines of the list, where there are so many. */
async function readLines(
  reader: StoreReader,
  lines: number,
): Promise<{ readonly runs: readonly Run[]; readonly isAll: boolean }> {
  for (let limit = lines; ; limit *= 2) {
    const runs = await reader.runs({ limit, before: null });
    const isAll = runs.length < limit;
    if (isAll || groupRuns(runs).length >= lines) return { runs, isAll };
  }
}

export function Activity({ run: unfolded }: { readonly run: RunId | null }) {
  const { reader } = useServices();
  const wanted = useSignal(pageSize);
  const reading = useLive(
    ['runs'],
    async () => {
      const { runs, isAll } = await readLines(reader, wanted.value);
      const ids = new Set(
        runs.flatMap((run) => [
          ...(run.scope.kind === 'conversation' ? [run.scope.conversationId] : []),
          ...(run.state === 'partial' || run.state === 'complete'
            ? [...run.summary.failures, ...run.summary.findings].flatMap(
                ({ conversationId }) => conversationId ?? [],
              )
            : []),
        ]),
      );
      const named = await Promise.all([...ids].map((id) => reader.conversation(id)));
      const titles = new Map(
        named.flatMap((found) => (found === null ? [] : [[found.id, conversationTitle(found)]])),
      );
      return { runs, isAll, titles };
    },
    [wanted.value],
  );
  const read = reading.value.value;
  if (reading.error.value !== null) return <ErrorNote error={reading.error.value} />;
  if (read === undefined) return <div class="view" />;
  const { runs, isAll, titles } = read;
  if (runs.length === 0) return <Empty icon="clock" title={t('activity_empty')} />;
  const completedBy = new Map(
    runs.flatMap(({ id, completes }) => (completes ? [[completes, id]] : [])),
  );
  const titleOf = (id: ConversationId) => titles.get(id) ?? shortId(id);
  return (
    <div
      class="page"
      data-testid="run-list"
      data-loaded={runs.length}
      data-complete={String(isAll)}
    >
      <h2 class="hidden-visually">{t('activity_title')}</h2>
      <div class="section">
        {groupRuns(runs).map((group) =>
          group.kind === 'quiet' ? (
            // By the oldest, which stays when another one comes: what is unfolded stays so.
            <QuietRuns key={group.runs.at(-1)?.id} runs={group.runs} {...{ unfolded, titleOf }} />
          ) : (
            <RunItem
              key={group.run.id}
              run={group.run}
              open={group.run.id === unfolded}
              completedBy={completedBy.get(group.run.id) ?? null}
              titleOf={titleOf}
            />
          ),
        )}
      </div>
      <TransferList />
      {!isAll && (
        <button
          type="button"
          class="button"
          data-testid="more-runs"
          onClick={() => {
            wanted.value += pageSize;
          }}
        >
          {t('activity_more')}
        </button>
      )}
    </div>
  );
}
