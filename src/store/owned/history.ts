/** Requests for history, and what the sync groups offer. */
import type { KnownArchives } from '../../shared/archive.ts';
import type { HistoryRequest } from '../../shared/history.ts';
import type { HistoryRequestId, Milliseconds } from '../../shared/ids.ts';
import { announceTopics, SingleRecord, type OwnedContext } from './aggregate.ts';

export interface HistoryStores {
  history: {
    key: HistoryRequestId;
    value: HistoryRequest;
    indexes: { byRequest: Milliseconds };
  };
}
export interface HistoryValues {
  readonly archives: KnownArchives;
}

export class OwnedHistory {
  readonly #context: OwnedContext;

  constructor(context: OwnedContext) {
    this.#context = context;
  }

  async get(id: HistoryRequestId): Promise<HistoryRequest | null> {
    return (await (await this.#context.open()).get('history', id)) ?? null;
  }

  /** Oldest first. */
  async all(): Promise<readonly HistoryRequest[]> {
    return (await this.#context.open()).getAllFromIndex('history', 'byRequest');
  }

  async put(request: HistoryRequest): Promise<void> {
    await (await this.#context.open()).put('history', request);
    announceTopics(this.#context, 'history');
  }

  /**
   * Changes a request as it now is, in one transaction: the person may end it while a job works on it.
   * Answers what is stored then; null where there is none.
   */
  async change(
    id: HistoryRequestId,
    change: (request: HistoryRequest) => HistoryRequest,
  ): Promise<HistoryRequest | null> {
    const transaction = (await this.#context.open()).transaction('history', 'readwrite');
    const stored = await transaction.store.get(id);
    const changed = stored === undefined ? null : change(stored);
    if (changed !== null) await transaction.store.put(changed);
    await transaction.done;
    announceTopics(this.#context, 'history');
    return changed;
  }
}

export class OwnedArchives extends SingleRecord<'archives', KnownArchives | null> {
  constructor(context: OwnedContext) {
    super(context, 'archives', { topic: 'history', from: (stored) => stored ?? null });
  }
}
