/** What a large sync serves before the rest. */
import type { ConversationId } from '../../shared/ids.ts';

/** Enough to fill the popup more than twice. */
export const servedFirst = 20;

/**
 * Pinned conversations, then those active last: `servedFirst` in all, or all pinned ones if those are more.
 * @param stale what there is to fetch, last activity first. A pinned conversation that is not among it has
 *   nothing new and is not fetched.
 */
export function firstToServe(
  stale: readonly ConversationId[],
  pinned: ReadonlySet<ConversationId>,
): readonly ConversationId[] {
  const first = stale.filter((id) => pinned.has(id));
  const others = stale.filter((id) => !pinned.has(id));
  return [...first, ...others.slice(0, Math.max(0, servedFirst - first.length))];
}
