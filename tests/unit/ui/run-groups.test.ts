import { expect, test } from 'vitest';
import type { AccountId, RunId } from '../../../src/shared/ids.ts';
import type { Run, RunSummary } from '../../../src/shared/run.ts';
import { commonCounts, groupRuns, type QuietRun } from '../../../src/ui/logic/run-groups.ts';

const summary: RunSummary = {
  ...{ eligible: 9, synced: 0, newConversations: 0, updatedConversations: 0, newMessages: 0 },
  ...{ consentChanges: 0, repaired: 0, findings: [], failures: [] },
  traffic: { calls: 2, failedCalls: 0, bytesSent: 0, bytesReceived: 0 },
  ...{ took: 40, steps: {} },
};

let made = 0;
/** A run that found nothing, but for what is given. */
function run(found: Partial<RunSummary> = {}, changes: Partial<QuietRun> = {}): QuietRun {
  const at = 1_790_000_000_000 - made++;
  return {
    id: `run ${made}` as RunId,
    accountId: 'account' as AccountId,
    scope: { kind: 'all', consent: ['allowed'] },
    trigger: 'alarm',
    ...{ requestedAt: at, startedAt: at, endedAt: at + 40, joined: 0, completes: null },
    state: 'complete',
    summary: { ...summary, ...found },
    ...changes,
  };
}

/** Ids, those of one line in one list. */
const lines = (runs: readonly Run[]) =>
  groupRuns(runs).map((group) =>
    group.kind === 'run' ? group.run.id : group.runs.map(({ id }) => id),
  );

test('syncs with nothing new in a row are one line, and whatever is between them is not', () => {
  const [a, b, c, d, e] = [run(), run(), run({ newMessages: 1 }), run(), run()];
  expect(lines([a, b, c, d, e])).toEqual([[a.id, b.id], c.id, [d.id, e.id]]);
});

test('a single one is a line as any other', () => {
  const [a, b, c] = [run({ newMessages: 1 }), run(), run({ consentChanges: 1 })];
  expect(lines([a, b, c])).toEqual([a.id, b.id, c.id]);
  expect(lines([])).toEqual([]);
});

test('nothing that a person may want to see is folded away', () => {
  const error = { code: 'network_refused' as const, detail: '', retryAfter: null };
  const conversationId = 'aa' as never;
  const worthSeeing: readonly Run[] = [
    run({ newConversations: 1 }),
    run({ updatedConversations: 1 }),
    run({ repaired: 1 }),
    run({ findings: [{ conversationId, missing: 1, surplus: 0 }] }),
    run({ failures: [{ conversationId, error }] }),
    run({}, { state: 'partial' }),
    run({}, { completes: 'run 0' as RunId }),
    { ...run(), state: 'interrupted' },
    { ...run(), state: 'failed', error },
    { ...run(), state: 'queued' },
  ];
  for (const one of worthSeeing) {
    const [before, after] = [run(), run()];
    expect(lines([before, one, after]), JSON.stringify(one)).toEqual([before.id, one.id, after.id]);
  }
});

test('counts are told of several runs where they are the same in all', () => {
  expect(commonCounts([run(), run()])).toEqual({ eligible: 9, synced: 0 });
  expect(commonCounts([run(), run({ eligible: 8 })])).toBeNull();
  expect(commonCounts([run({ eligible: null, synced: null })])).toBeNull();
  expect(commonCounts([])).toBeNull();
});
