/**
 * One consent state's conversations, loaded page by page and kept current by changes rather than by
 * reading everything again: what a change costs does not grow with the inbox. Pinned ones stand at the
 * top of those that are allowed; being few, they are read by key beside the first page.
 */
import { batch, signal, type ReadonlySignal } from '@preact/signals';
import type { ConsentState } from '../../shared/consent.ts';
import { pinnedFirst, type Conversation } from '../../shared/conversation.ts';
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts';
import { popupSnapshotRows, looksAlike, type PopupSnapshot } from '../../shared/popup-snapshot.ts';
import type { ConversationId } from '../../shared/ids.ts';
import type { StoreChange, StoreReader } from '../../store/reader.ts';
import { painted } from '../logic/painted.ts';
import type { Feed } from './feed.ts';
import type { LiveOptions } from './live.ts';

/** The first page fills the popup's window of rows; later ones serve fast scrolling. */
const firstPage = popupSnapshotRows;
const laterPage = 200;
/** Above this, one reading of the loaded range is cheaper than a reading for each change. */
const singleReadings = 30;

export interface ConversationList {
  /**
   * What is loaded: pinned ones, then the rest, each last activity first; undefined before the first
   * reading, unless there is a snapshot to show meanwhile.
   */
  readonly rows: ReadonlySignal<readonly Conversation[] | undefined>;
  readonly pinned: ReadonlySignal<ReadonlySet<ConversationId>>;
  /** How many there are in all, loaded or not; undefined until they are all loaded or counted. */
  readonly total: ReadonlySignal<number | undefined>;
  /** Whether the rows are the store's, and no longer those of a snapshot. */
  readonly isRead: ReadonlySignal<boolean>;
  readonly error: ReadonlySignal<ErrorRecord | null>;
  /** Settles after the first reading of rows, before they are counted. */
  readonly first: Promise<void>;
  /** Shows the popup's snapshot until the first reading; later it does nothing. */
  show(snapshot: PopupSnapshot): void;
  /** Loads until the row of this index is there. */
  ensure(index: number): void;
  refresh(): void;
  stop(): void;
}

/** @param options.after what the first reading waits for, as in `live`. */
export function conversationList(
  reader: StoreReader,
  feed: Feed,
  consent: ConsentState,
  { after }: Pick<LiveOptions, 'after'> = {},
): ConversationList {
  const rows = signal<readonly Conversation[] | undefined>(undefined);
  const pinned = signal<ReadonlySet<ConversationId>>(new Set());
  const total = signal<number | undefined>(undefined);
  const isRead = signal(false);
  const error = signal<ErrorRecord | null>(null);
  /** What is loaded in the index's order, in which pinned ones stand where they would without a pin. */
  let byActivity: readonly Conversation[] | null = null;
  let atTop: readonly Conversation[] = [];
  let complete = false;
  let counted = false;
  let wanted = firstPage;
  let stopped = false;
  /** Ids to read again; `all` for the whole loaded range. */
  let stale: Set<ConversationId> | 'all' | null = 'all';
  let pinsAreStale = false;
  let working: Promise<void> | null = null;
  let settleFirst: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    settleFirst = resolve;
  });

  function work(): Promise<void> {
    working ??= settle().finally(() => {
      working = null;
    });
    return working;
  }

  async function settle(): Promise<void> {
    try {
      if (!isRead.peek()) await after;
      while (!stopped && (stale !== null || pinsAreStale || needsMore() || needsCount())) {
        const todo = stale;
        stale = null;
        if (todo === 'all') await readLoaded();
        else if (todo !== null) await readChanged(todo);
        else if (pinsAreStale) await readPinned();
        else if (needsMore()) await readMore();
        else await count();
        settleFirst();
      }
      error.value = null;
    } catch (thrown) {
      stale = 'all';
      error.value = toErrorRecord(thrown);
      settleFirst();
    }
  }

  const loaded = () => byActivity?.length ?? 0;
  const needsMore = () => !complete && loaded() < wanted;
  /** What is loaded to the end needs no counting, and what is not can wait until it is painted. */
  const needsCount = () => !complete && !counted;

  async function readLoaded(): Promise<void> {
    const limit = Math.max(firstPage, loaded());
    pinsAreStale = false;
    const [page, top] = await Promise.all([
      reader.conversations({ consent, limit, after: null }),
      readTop(),
    ]);
    complete = page.length < limit;
    counted = false;
    publish(page, top);
  }

  /** Nothing that is denied or waits to be accepted can be pinned. */
  async function readTop(): Promise<readonly Conversation[]> {
    return consent === 'allowed' ? reader.pinned() : [];
  }

  async function readPinned(): Promise<void> {
    pinsAreStale = false;
    publish(byActivity ?? [], await readTop());
  }

  async function readMore(): Promise<void> {
    const before = byActivity ?? [];
    const last = before.at(-1);
    const after = last === undefined ? null : { lastActivityAt: last.lastActivityAt, id: last.id };
    const page = await reader.conversations({ consent, limit: laterPage, after });
    complete = page.length < laterPage;
    const known = new Set(before.map(({ id }) => id));
    publish([...before, ...page.filter(({ id }) => !known.has(id))], atTop);
  }

  async function readChanged(ids: ReadonlySet<ConversationId>): Promise<void> {
    const isTopChanged = atTop.some(({ id }) => ids.has(id));
    const [top, ...changed] = await Promise.all([
      isTopChanged ? readTop() : atTop,
      ...[...ids].map((id) => reader.conversation(id)),
    ]);
    const before = byActivity ?? [];
    const kept = before.filter(({ id }) => !ids.has(id));
    const end = kept.at(-1)?.lastActivityAt ?? Number.NEGATIVE_INFINITY;
    const fresh = changed.filter(
      (row): row is Conversation =>
        row !== null && row.consent === consent && (complete || row.lastActivityAt >= end),
    );
    // What was not listed before may have been pinned at another time.
    const known = new Set(before.map(({ id }) => id));
    if (fresh.some(({ id }) => !known.has(id))) pinsAreStale = true;
    // A change of rows that stay where they are read leaves the number as it was.
    const sameRows = before.length - kept.length === ids.size && fresh.length === ids.size;
    counted &&= sameRows;
    publish(
      [...kept, ...fresh].toSorted((a, b) => b.lastActivityAt - a.lastActivityAt),
      top,
    );
  }

  async function count(): Promise<void> {
    // The page has drawn its rows by then, or the count would be what they wait for.
    await painted();
    // A change that comes meanwhile asks for another count.
    counted = true;
    const found = await reader.countConversations(consent);
    // The two readings are not one transaction; never claim fewer than there are to see.
    if (!stopped && !complete) total.value = Math.max(found, loaded());
  }

  function publish(list: readonly Conversation[], top: readonly Conversation[]): void {
    if (stopped) return;
    byActivity = list;
    atTop = top;
    const next = pinnedFirst(top, list);
    const ids = top.map(({ id }) => id);
    const isAsShown = !isRead.peek() && looksAlike([[...pinned.peek()], rows.peek()], [ids, next]);
    batch(() => {
      isRead.value = true;
      if (!isAsShown) {
        pinned.value = new Set(ids);
        rows.value = next;
      }
      if (complete) total.value = next.length;
      else if (total.value !== undefined) total.value = Math.max(total.value, next.length);
    });
  }

  function invalidatePins(): void {
    pinsAreStale = true;
    void work();
  }

  function invalidate(change: StoreChange | null): void {
    const ids = change?.conversationIds ?? null;
    if (ids === null || stale === 'all') stale = 'all';
    else {
      stale = new Set([...(stale ?? []), ...ids]);
      if (stale.size > singleReadings) stale = 'all';
    }
    void work();
  }

  const unlisten = [
    feed.listen(['conversations'], invalidate),
    feed.listen(['pins'], invalidatePins),
  ];
  void work();
  return {
    rows,
    pinned,
    total,
    isRead,
    error,
    first,
    show(screen) {
      if (stopped || isRead.peek()) return;
      pinned.value = new Set(screen.pinned);
      rows.value = screen.rows;
    },
    ensure(index) {
      if (index < wanted) return;
      wanted = index + 1;
      void work();
    },
    refresh: () => invalidate(null),
    stop() {
      stopped = true;
      for (const stop of unlisten) stop();
    },
  };
}
