/** Pages as clients ask for them. */
import { SortDirection, type PagingInfo } from '../gen/xmtp/mls/api/v1/mls_pb.ts';
import { pageLimit, type Page, type TopicLog } from '../storage/topic-log.ts';
import { badRequest } from './bad-request.ts';

export interface Answered<Entry> {
  readonly entries: Entry[];
  /** What was answered, and where the next page starts: 0 where nothing follows. */
  readonly pagingInfo: {
    readonly direction: SortDirection.ASCENDING | SortDirection.DESCENDING;
    readonly limit: number;
    readonly idCursor: bigint;
  };
}

/** @param unspecified the direction where the caller names none; it differs by table, as in the real node. */
export function readPage<Entry>(
  log: TopicLog<Entry>,
  topic: Uint8Array,
  paging: PagingInfo | undefined,
  unspecified: SortDirection.ASCENDING | SortDirection.DESCENDING,
): Answered<Entry> {
  const { idCursor = 0n, direction: asked = SortDirection.UNSPECIFIED } = paging ?? {};
  const direction = asked === SortDirection.UNSPECIFIED ? unspecified : asked;
  const limit = Math.min(paging?.limit === 0 ? pageLimit : (paging?.limit ?? pageLimit), pageLimit);
  const answer = ({ entries, nextCursor }: Page<Entry>, known: typeof unspecified) => ({
    entries: [...entries],
    pagingInfo: { direction: known, limit, idCursor: nextCursor },
  });
  switch (direction) {
    case SortDirection.ASCENDING:
      return answer(log.ascending(topic, idCursor, limit), direction);
    case SortDirection.DESCENDING:
      return answer(log.descending(topic, idCursor, limit), direction);
    default:
      throw badRequest(`paging_info.direction: ${String(direction)} is unknown`);
  }
}
