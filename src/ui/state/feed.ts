/**
 * One ear for the store's changes, shared by everything on a page. It also calls out when the page
 * comes back into view, because delivery of changes is best effort.
 */
import type { StoreChange, StoreReader, StoreTopic } from '../../store/reader.ts';

export interface Feed {
  /**
   * Hears changes of any of `topics`; null means that anything may have changed. Returns how to stop.
   */
  listen(topics: readonly StoreTopic[], listener: (change: StoreChange | null) => void): () => void;
}

export function createFeed(reader: Pick<StoreReader, 'subscribe'>): Feed {
  const listeners = new Set<{
    readonly topics: readonly StoreTopic[];
    readonly listener: (change: StoreChange | null) => void;
  }>();
  reader.subscribe((change) => {
    for (const { topics, listener } of [...listeners]) {
      if (change.topics.some((topic) => topics.includes(topic))) listener(change);
    }
  });
  const wake = () => {
    if (document.visibilityState === 'visible') {
      for (const { listener } of [...listeners]) listener(null);
    }
  };
  document.addEventListener('visibilitychange', wake);
  window.addEventListener('focus', wake);

  return {
    listen(topics, listener) {
      const entry = { topics, listener };
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
  };
}
