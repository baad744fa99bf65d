/**
 * The only way from the engine into the store's conversations and messages. Guarantee: one update at a
 * time, whoever asks (a run, a stream), so that cursor and changes never cross; one that fails makes the
 * next run reconcile everything, because the engine may be gone by then with what it knew.
 */
import { SerialQueue } from '../../shared/concurrency/serial-queue.ts';
import type { ConsentFilter } from '../../shared/consent.ts';
import type { ReadyAccount } from '../../shared/account.ts';
import type { RunProgress } from '../../shared/run.ts';
import { withReconcileDue } from '../../store/owned/full-reconcile.ts';
import type { Store } from '../../store/write.ts';
import type { Engine } from '../connection/engine.ts';
import { readPositionsOf } from '../read-state/read-positions.ts';
import { storeChanges, type StoredChanges } from './store-changes.ts';

export interface StoreUpdate {
  readonly scan: 'touched' | 'all';
  readonly messagesOf: ConsentFilter;
  readonly onProgress?: (progress: RunProgress) => void;
}

export class StoreUpdates {
  readonly #store: Store;
  readonly #account: () => Promise<ReadyAccount>;
  readonly #queue = new SerialQueue();

  constructor(store: Store, account: () => Promise<ReadyAccount>) {
    this.#store = store;
    this.#account = account;
  }

  /** Waits for updates under way, then brings the store up to what libxmtp has. */
  update(engine: Engine, update: StoreUpdate): Promise<StoredChanges> {
    return this.#queue.add(async () => {
      try {
        return await this.#update(engine, update);
      } catch (error) {
        await this.#store.owned.schedule
          .change((schedule) => withReconcileDue(schedule, { thorough: true }))
          .catch(() => undefined);
        throw error;
      }
    });
  }

  /** Resolves when the updates under way are over: what is read afterwards is not older than now. */
  settled(): Promise<void> {
    return this.#queue.settled();
  }

  async #update(
    engine: Engine,
    { scan, messagesOf, onProgress = () => undefined }: StoreUpdate,
  ): Promise<StoredChanges> {
    onProgress({ step: 'reading', done: 0, total: null });
    const account = await this.#account();
    const read = await readPositionsOf(this.#store.owned, account);
    const derived = this.#store.derived(account.id);
    const choices = async () => {
      const intents = await this.#store.owned.consentIntents.all();
      const own = intents.filter(({ accountId }) => accountId === account.id);
      return new Map(own.map(({ conversationId, consent }) => [conversationId, consent]));
    };
    return storeChanges(engine, derived, { scan, messagesOf, read, choices, onProgress });
  }
}
