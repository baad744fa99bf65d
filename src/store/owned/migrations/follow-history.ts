/**
 * Version 1 to 2: a request for history used to be sent once and forgotten; now it is followed to its
 * end. What was sent before is not asked for again by itself. Shapes are frozen here.
 */
import type { Migration } from '../migrations.ts';

interface RequestOfVersion1 {
  readonly requestedAt: number;
  readonly others: readonly { readonly id: string; readonly createdAt: number | null }[];
  readonly state: { readonly kind: string; readonly since: number; readonly times?: number };
}

const day = 24 * 60 * 60_000;

export const followHistory: Migration = (database, transaction) => {
  const transfers = database.createObjectStore('transfers', { keyPath: 'id' });
  transfers.createIndex('byTime', 'at');
  void (async () => {
    let cursor = await transaction.objectStore('history').openCursor();
    while (cursor !== null) {
      await cursor.update(upgrade(cursor.value as RequestOfVersion1));
      cursor = await cursor.continue();
    }
  })().catch(() => transaction.abort());
};

function upgrade(request: RequestOfVersion1) {
  const { state, others, requestedAt } = request;
  return {
    ...request,
    serverUrl: null,
    giveUpAt: requestedAt + day,
    others: others.map((installation) => ({ ...installation, seenAt: null })),
    attempts: state.times ?? 0,
    nextAt: requestedAt + day,
    pins: [],
    failedArchives: {},
    problem: null,
    before: null,
    state: state.kind === 'sent' ? { kind: 'unanswered', since: state.since } : state,
  };
}
