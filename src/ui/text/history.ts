/** Requests for history and archives in words. */
import type { ArchiveContents } from '../../shared/archive.ts';
import type { HistoryCounts, HistoryOptions, HistoryRequest } from '../../shared/history.ts';
import type { Milliseconds } from '../../shared/ids.ts';
import { formatDateTime, formatDuration } from './format.ts';
import { shortId } from './ids.ts';
import { plural, t } from './messages.ts';

/** What an archive holds, or is to hold: messages and consent choices, sent since 3 May. */
export function contentsWords({
  elements,
  from,
  until,
}: Pick<ArchiveContents, 'elements' | 'from' | 'until'>): string {
  const range = rangeWords(from, until);
  return range === null ? elementWords(elements) : `${elementWords(elements)}, ${range}`;
}

function elementWords(elements: HistoryOptions['elements']): string {
  const [first, ...more] = elements;
  if (first === undefined) return t('history_unnamed');
  return t(more.length > 0 ? 'history_everything' : `history_only_${first}`);
}

function rangeWords(from: Milliseconds | null, until: Milliseconds | null): string | null {
  if (from !== null && until !== null) {
    return t('history_between', { from: formatDateTime(from), until: formatDateTime(until) });
  }
  if (from !== null) return t('history_since', { from: formatDateTime(from) });
  if (until !== null) return t('history_before', { until: formatDateTime(until) });
  return null;
}

export function importWords(counts: {
  readonly newConversations: number;
  readonly newMessages: number;
}): string {
  if (counts.newMessages === 0) return t('imported_nothing');
  return t('imported_counts', {
    conversations: plural('imported_conversations', counts.newConversations),
    messages: plural('imported_messages', counts.newMessages),
  });
}

export function soFarWords({ conversations, messages }: HistoryCounts): string {
  return t('import_so_far', {
    conversations: plural('imported_conversations', conversations),
    messages: plural('imported_messages', messages),
  });
}

/** The one thing to do or to know now. */
export function nextWords(
  { state, nextAt, emptyArchives = {} }: HistoryRequest,
  now: Milliseconds,
): string {
  const [empty] = Object.values(emptyArchives).map(shortId);
  if (state.kind === 'unanswered' && empty !== undefined) {
    return t('history_next_unanswered_empty', { installation: empty });
  }
  if (state.kind !== 'sent') return t(`history_next_${state.kind}`);
  const left = nextAt - now;
  // Alarms ring every half a minute at most, so a shorter time would promise too much.
  const when = left < 30_000 ? t('in_a_moment') : t('in_time', { time: formatDuration(left) });
  return empty === undefined
    ? t('history_next_sent', { when })
    : t('history_next_sent_empty', { installation: empty, when });
}

/** An hour, 3 days. */
export function patienceWords(hours: number): string {
  return hours % 24 === 0 ? plural('history_days', hours / 24) : plural('history_hours', hours);
}
