/** What a large sync serves before the rest. */
import type { ConversationId } from '../../shared/ids.ts';

/** They fill the popup more than twice. */
export const servedFirst = 20;

/**
 * Pinned conversations, then those that were active last: so many in all, or all the pinned ones where
 * those are more. What has nothing new is not among `stale`, pinned or not, and nobody fetches it.
 * @param stale what there is to fetch, last activity first.
 */
export function firstToServe(
  stale: readonly ConversationId[],
  pinned: ReadonlySet<ConversationId>,
): readonly ConversationId[] {
  const first = stale.filter((id) => pinned.has(id));
  const others = stale.filter((id) => !pinned.has(id));
  return [...first, ...others.slice(0, Math.max(0, servedFirst - first.length))];
}
