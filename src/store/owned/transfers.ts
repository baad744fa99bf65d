/** Archives that are sent to other installations, or fetched. */
import type { Transfer } from '../../shared/archive.ts';
import type { Milliseconds } from '../../shared/ids.ts';
import { announceTopics, type OwnedContext } from './aggregate.ts';

export interface TransferStores {
  transfers: { key: string; value: Transfer; indexes: { byTime: Milliseconds } };
}

export class OwnedTransfers {
  readonly #context: OwnedContext;

  constructor(context: OwnedContext) {
    this.#context = context;
  }

  /** Oldest first. */
  async all(): Promise<readonly Transfer[]> {
    return (await this.#context.open()).getAllFromIndex('transfers', 'byTime');
  }

  async put(transfer: Transfer): Promise<void> {
    await (await this.#context.open()).put('transfers', transfer);
    announceTopics(this.#context, 'history');
  }
}
