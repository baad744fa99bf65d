/**
 * Unread counts across an import. Imported messages were read elsewhere or are history; but those that
 * were sent since this installation exists would count as new here.
 */
import type { ReadyAccount } from '../../shared/account.ts';
import type { ConversationId, Milliseconds } from '../../shared/ids.ts';
import type { Store } from '../../store/write.ts';
import { readPositionsOf } from './read-positions.ts';

export interface UnreadKeeper {
  counts(): Promise<ReadonlyMap<ConversationId, number>>;
  /**
   * Moves read positions forward so that as many messages as before are unread in each conversation, the
   * newest ones, and beside them what was sent since `from`.
   */
  keep(before: ReadonlyMap<ConversationId, number>, from: Milliseconds): Promise<void>;
}

export function createUnreadKeeper(
  store: Store,
  account: () => Promise<ReadyAccount>,
): UnreadKeeper {
  return {
    counts: async () => store.derived((await account()).id).unreadCounts(),
    async keep(before, from) {
      const current = await account();
      const derived = store.derived(current.id);
      for (const [id, unread] of await derived.unreadCounts()) {
        const wanted = before.get(id) ?? 0;
        if (unread <= wanted) continue;
        const times = await derived.unreadTimes(id, await readPositionsOf(store.owned, current));
        const fresh = times.filter((sentAt) => sentAt >= from).length;
        const newestRead = times[wanted + fresh];
        if (newestRead === undefined) continue;
        await store.owned.readPositions.advance(current.id, id, newestRead);
        await derived.recountUnread(id, await readPositionsOf(store.owned, current));
      }
    },
  };
}
