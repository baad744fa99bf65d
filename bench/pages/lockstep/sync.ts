/** One sync through Lockstep's own command, timed by what its store says. */
import type { SendCommand } from '../../../src/shared/command-client.ts';
import type { RunId } from '../../../src/shared/ids.ts';
import type { Run } from '../../../src/shared/run.ts';
import type { StoreChange, StoreReader } from '../../../src/store/reader.ts';
import { painted } from '../agent.ts';
import type { RunTimeline, SyncQuery } from '../protocol.ts';
import { popupView } from './popup.ts';

const nothing = { conversations: 0, messages: 0 };

export async function sync(
  send: SendCommand,
  reader: StoreReader,
  query: SyncQuery,
): Promise<RunTimeline> {
  const start = performance.now();
  const elapsed = () => performance.now() - start;
  let otherCommits = 0;
  /** When conversations became readable, as far as they may be among the most recent. */
  const readable = new Map<string, number>();
  const shown = query.shown === null ? null : watchRows(query.shown).then(elapsed);

  let runId: RunId | null = null;
  let settle: (ended: { readonly run: Run; readonly at: number }) => void = () => undefined;
  const ended = new Promise<{ readonly run: Run; readonly at: number }>((resolve) => {
    settle = resolve;
  });
  const look = async () => {
    if (runId === null) return;
    const at = elapsed();
    const run = await reader.run(runId);
    const isOver = run !== null && run.state !== 'queued' && run.state !== 'running';
    if (isOver) settle({ run, at });
  };
  const checkReadable = async ({ conversationIds }: StoreChange) => {
    const { conversations: wanted, messages: limit } = query.readable ?? nothing;
    for (const id of conversationIds ?? []) {
      if (readable.has(id) || readable.size > 2 * wanted) continue;
      const found = await reader.messages({ conversationId: id, limit, before: null });
      if (found.length >= limit) readable.set(id, elapsed());
    }
  };
  const recentReadableAt = async (endedAt: number) => {
    if (query.readable === null) return null;
    const limit = query.readable.conversations;
    const recent = await reader.conversations({ consent: 'allowed', limit, after: null });
    return Math.max(...recent.map(({ id }) => readable.get(id) ?? endedAt));
  };
  const stop = reader.subscribe((change) => {
    if (change.topics.includes('runs')) void look();
    // A commit that ends a run takes what follows for the schedule with it.
    if (!change.topics.some((topic) => topic === 'runs' || topic === 'connection')) otherCommits++;
    if (query.readable !== null) void checkReadable(change);
  });
  try {
    ({ runId } = await send('sync', { scope: { kind: 'all', consent: ['allowed'] } }));
    void look();
    const { run, at } = await ended;
    // What a sync that failed took says nothing.
    if (run.state !== 'complete') throw new Error(`the run ended ${JSON.stringify(run)}`);
    const { steps, newMessages } = run.summary;
    return {
      ended: at,
      steps,
      readable: await recentReadableAt(at),
      shown: shown === null ? null : await shown,
      newMessages,
      otherCommits,
    };
  } finally {
    stop();
  }
}

/** Settles when the open popup has painted a new last message in the rows of these conversations. */
async function watchRows(ids: readonly string[]): Promise<void> {
  const view = popupView();
  if (view === null) throw new Error('the popup is not open');
  const lastOf = (id: string) =>
    view.document
      .querySelector(`[data-conversation-id="${id}"]`)
      ?.getAttribute('data-last-message-id') ?? null;
  const before = new Map(ids.map((id) => [id, lastOf(id)]));
  await new Promise<void>((resolve) => {
    const observer = new view.MutationObserver(() => {
      for (const [id, last] of before) {
        const now = lastOf(id);
        if (now === null || now === last) return;
      }
      observer.disconnect();
      resolve();
    });
    observer.observe(view.document.body, { subtree: true, childList: true, attributes: true });
  });
  await painted(view);
}
