/** Values read from the store that stay current. */
import { signal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { toErrorRecord, type ErrorRecord } from '../../shared/errors.ts';
import { looksAlike } from '../../shared/popup-snapshot.ts';
import type { StoreChange, StoreTopic } from '../../store/reader.ts';
import type { Feed } from './feed.ts';
import { useServices } from './services.ts';

export interface Live<T> {
  /** Undefined until the first reading. A later failure keeps the last value. */
  readonly value: ReadonlySignal<T | undefined>;
  /** Why the latest reading failed; null when it did not. */
  readonly error: ReadonlySignal<ErrorRecord | null>;
  /** Settles after the first reading, whatever became of it. */
  readonly first: Promise<void>;
  /** Shows something until the first reading; later it does nothing. */
  show(value: T): void;
  refresh(): void;
  stop(): void;
}

export interface LiveOptions {
  /** Changes that it lets through are answered by a reading; without it, all of its topics. */
  readonly concerns?: ((change: StoreChange) => boolean) | undefined;
  /** What the first reading waits for: what is not needed for the first paint must not be in its way. */
  readonly after?: Promise<unknown> | undefined;
}

/**
 * Reads now and after every change of `topics` that `concerns` lets through. Readings never overlap:
 * changes that arrive during one are answered by one more, so a burst of commits costs two readings.
 */
export function live<T>(
  feed: Feed,
  topics: readonly StoreTopic[],
  read: () => Promise<T>,
  { concerns, after }: LiveOptions = {},
): Live<T> {
  const value = signal<T | undefined>(undefined);
  const error = signal<ErrorRecord | null>(null);
  let state: 'idle' | 'reading' | 'stale' | 'stopped' = 'idle';

  let wasRead = false;

  async function run(): Promise<void> {
    state = 'reading';
    if (!wasRead) await after;
    do {
      if (isStopped()) return;
      state = 'reading';
      try {
        const next = await read();
        if (isStopped()) return;
        const wasShown = !wasRead && value.peek() !== undefined;
        wasRead = true;
        if (!wasShown || !looksAlike<unknown>(value.peek(), next)) value.value = next;
        error.value = null;
      } catch (thrown) {
        if (isStopped()) return;
        error.value = toErrorRecord(thrown);
      }
    } while (wasStale());
    state = 'idle';
  }
  const isStopped = () => state === 'stopped';
  const wasStale = () => state === 'stale';

  function refresh(): void {
    if (state === 'idle') void run();
    else if (state === 'reading') state = 'stale';
  }

  const unlisten = feed.listen(topics, (change) => {
    if (change === null || concerns === undefined || concerns(change)) refresh();
  });
  return {
    value,
    error,
    first: run(),
    show(meanwhile) {
      if (!wasRead && !isStopped()) value.value = meanwhile;
    },
    refresh,
    stop() {
      state = 'stopped';
      unlisten();
    },
  };
}

/** `live` for as long as a component is mounted; read anew when one of `keys` changes. */
export function useLive<T>(
  topics: readonly StoreTopic[],
  read: () => Promise<T>,
  keys: readonly unknown[],
  concerns?: (change: StoreChange) => boolean,
): Live<T> {
  const { feed } = useServices();
  const reading = useMemo(() => live(feed, topics, read, { concerns }), [feed, ...keys]);
  useEffect(() => () => reading.stop(), [reading]);
  return reading;
}

/** Whether a change may concern the conversation of this id. */
export function concernsConversation(id: string): (change: StoreChange) => boolean {
  return ({ conversationIds }) =>
    conversationIds === null || conversationIds.some((candidate) => candidate === id);
}
