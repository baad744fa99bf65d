/** Pins: at most so many at a time. */
import type { AccountId, ConversationId, Milliseconds } from '../../shared/ids.ts';
import { ofAccount } from './account-range.ts';
import type { OwnedContext } from './aggregate.ts';

/** A conversation that the person wants to find at the top. */
export interface Pin {
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly pinnedAt: Milliseconds;
}

export interface PinStores {
  pins: { key: [AccountId, ConversationId]; value: Pin };
}

export class OwnedPins {
  readonly #context: OwnedContext;

  constructor(context: OwnedContext) {
    this.#context = context;
  }

  /** In no particular order. */
  async of(accountId: AccountId): Promise<readonly Pin[]> {
    return (await this.#context.open()).getAll('pins', ofAccount(accountId));
  }

  /**
   * Pins a conversation. When all `places` are taken, the oldest pin that `mayGo` gives its place up.
   * Answers false where there is none and nothing was pinned.
   */
  async put(pin: Pin, places: number, mayGo: (pin: Pin) => boolean): Promise<boolean> {
    const { accountId, conversationId } = pin;
    const transaction = (await this.#context.open()).transaction('pins', 'readwrite');
    const pins = await transaction.store.getAll(ofAccount(accountId));
    const others = pins.filter((other) => other.conversationId !== conversationId);
    if (others.length >= places) {
      const [leaving] = others.filter(mayGo).sort((a, b) => a.pinnedAt - b.pinnedAt);
      if (leaving === undefined) return false;
      await transaction.store.delete([accountId, leaving.conversationId]);
    }
    await transaction.store.put(pin);
    await transaction.done;
    this.#announce(conversationId);
    return true;
  }

  async delete(accountId: AccountId, conversationId: ConversationId): Promise<void> {
    await (await this.#context.open()).delete('pins', [accountId, conversationId]);
    this.#announce(conversationId);
  }

  #announce(conversationId: ConversationId): void {
    this.#context.announce({ topics: ['pins'], conversationIds: [conversationId] });
  }
}
