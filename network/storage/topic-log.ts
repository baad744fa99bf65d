/**
 * One table of the node: entries with increasing ids, each belonging to a topic (a group, an
 * installation). Guarantees: within a topic, order of ids is order of arrival; the same bytes are kept
 * once; a subscription sees each entry after its cursor exactly once, also under concurrent writes.
 */
import { createHash } from 'node:crypto';

export interface Page<Entry> {
  readonly entries: readonly Entry[];
  /** The last id of a full page; 0 where nothing follows. */
  readonly nextCursor: bigint;
}

/** What the public network answers at most, and by default, in one page. */
export const pageLimit = 100;

interface Row<Entry> {
  readonly id: bigint;
  readonly entry: Entry;
}

interface Topic<Entry> {
  readonly rows: Row<Entry>[];
  readonly digests: Set<string>;
  readonly listeners: Set<() => void>;
}

/** Binary keys as map keys: one character a byte. */
export function keyOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

export class TopicLog<Entry> {
  readonly #topics = new Map<string, Topic<Entry>>();
  #lastId = 0n;
  #size = 0;

  /** How many entries there are in all. */
  get size(): number {
    return this.#size;
  }

  /**
   * Those that are new: the same bytes in the same topic are kept once, also within one call. Sending
   * twice is accepted, since senders repeat what they got no answer for.
   */
  fresh<New>(
    entries: readonly New[],
    identify: (entry: New) => readonly [topic: Uint8Array, identity: Uint8Array],
  ): readonly New[] {
    const seen = new Set<string>();
    return entries.filter((entry) => {
      const [topic, identity] = identify(entry);
      const key = keyOf(topic);
      const digest = digestOf(identity);
      if (this.#topics.get(key)?.digests.has(digest) === true) return false;
      if (seen.has(digest + key)) return false;
      seen.add(digest + key);
      return true;
    });
  }

  /** The id that the next entry will have. */
  nextId(): bigint {
    return this.#lastId + 1n;
  }

  /** Adds an entry under its id, which must be greater than all before, and wakes subscriptions. */
  add(topic: Uint8Array, id: bigint, entry: Entry, identity: Uint8Array | null): void {
    const found = this.#topic(keyOf(topic));
    if (id <= this.#lastId) throw new RangeError(`id ${id} does not follow ${this.#lastId}`);
    this.#lastId = id;
    this.#size++;
    found.rows.push({ id, entry });
    if (identity !== null) found.digests.add(digestOf(identity));
    for (const listener of [...found.listeners]) listener();
  }

  newest(topic: Uint8Array): Entry | null {
    return this.#topics.get(keyOf(topic))?.rows.at(-1)?.entry ?? null;
  }

  /** Entries with ids above `cursor`, oldest first; at most `limit`, 0 meaning the default. */
  ascending(topic: Uint8Array, cursor: bigint, limit: number): Page<Entry> {
    const rows = this.#topics.get(keyOf(topic))?.rows ?? [];
    const start = firstAbove(rows, cursor);
    return page(rows.slice(start, start + atMost(limit)), start + atMost(limit) < rows.length);
  }

  /** Entries with ids below `cursor`, newest first; from the newest where the cursor is 0. */
  descending(topic: Uint8Array, cursor: bigint, limit: number): Page<Entry> {
    const rows = this.#topics.get(keyOf(topic))?.rows ?? [];
    const end = cursor === 0n ? rows.length : firstAbove(rows, cursor - 1n);
    const start = Math.max(0, end - atMost(limit));
    return page(rows.slice(start, end).reverse(), start > 0);
  }

  /**
   * Everything after each topic's cursor, then what arrives, until `signal` aborts. Keeps cursors, not
   * copies: a slow reader costs no memory.
   */
  async *subscribe(
    cursors: readonly { readonly topic: Uint8Array; readonly cursor: bigint }[],
    signal: AbortSignal,
  ): AsyncGenerator<Entry, void, undefined> {
    const positions = new Map<string, bigint>();
    for (const { topic, cursor } of cursors) {
      const key = keyOf(topic);
      const known = positions.get(key);
      positions.set(key, known === undefined || cursor < known ? cursor : known);
    }
    const fresh = new Set(positions.keys());
    let wake: () => void = () => undefined;
    const stops = [...positions.keys()].map((key) => {
      const listener = () => {
        fresh.add(key);
        wake();
      };
      const { listeners } = this.#topic(key);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        this.#forgetEmpty(key);
      };
    });
    const onAbort = () => wake();
    signal.addEventListener('abort', onAbort);
    try {
      while (!signal.aborted) {
        // One of each topic in turn: one that never rests must not keep the others waiting.
        for (const key of fresh) {
          if (signal.aborted) return;
          fresh.delete(key);
          const next = this.#after(key, positions.get(key) ?? 0n);
          if (next === undefined) continue;
          positions.set(key, next.id);
          fresh.add(key);
          yield next.entry;
        }
        if (!signal.aborted) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      for (const stop of stops) stop();
    }
  }

  #after(key: string, cursor: bigint): Row<Entry> | undefined {
    const rows = this.#topics.get(key)?.rows ?? [];
    return rows[firstAbove(rows, cursor)];
  }

  /** Whoever waited for a topic in vain leaves nothing behind. */
  #forgetEmpty(key: string): void {
    const topic = this.#topics.get(key);
    if (topic?.rows.length === 0 && topic.listeners.size === 0) this.#topics.delete(key);
  }

  #topic(key: string): Topic<Entry> {
    let topic = this.#topics.get(key);
    if (topic === undefined) {
      topic = { rows: [], digests: new Set(), listeners: new Set() };
      this.#topics.set(key, topic);
    }
    return topic;
  }
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest().toString('latin1');
}

function atMost(limit: number): number {
  return limit === 0 ? pageLimit : Math.min(limit, pageLimit);
}

function page<Entry>(rows: readonly Row<Entry>[], more: boolean): Page<Entry> {
  return {
    entries: rows.map(({ entry }) => entry),
    nextCursor: more ? (rows.at(-1)?.id ?? 0n) : 0n,
  };
}

/** Index of the first row whose id is above `cursor`. */
function firstAbove(rows: readonly { readonly id: bigint }[], cursor: bigint): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row !== undefined && row.id <= cursor) low = middle + 1;
    else high = middle;
  }
  return low;
}
