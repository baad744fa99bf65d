/** Which conversations stand at the top: the person's choice, kept with what only this browser knows. */
import type { ReadyAccount } from '../../shared/account.ts';
import { LockstepError } from '../../shared/errors.ts';
import type { ConversationId, Milliseconds } from '../../shared/ids.ts';
import type { Pin } from '../../store/owned/pins.ts';
import type { Store } from '../../store/write.ts';

/**
 * More would fill more than the popup shows at once, and each is one reading more when it opens. They
 * also leave half of what a large sync fetches first to what is recent (engine, `serving-order.ts`).
 */
export const mostPins = 10;

export interface PinsOptions {
  readonly store: Store;
  readonly account: () => Promise<ReadyAccount>;
  readonly now: () => Milliseconds;
}

export class Pins {
  readonly #options: PinsOptions;

  constructor(options: PinsOptions) {
    this.#options = options;
  }

  /** Throws conversation_unknown, too_many_pins. */
  async pin(conversationId: ConversationId): Promise<void> {
    const { store, account, now } = this.#options;
    const { id: accountId } = await account();
    if (!(await this.#isShown(accountId, conversationId))) {
      throw new LockstepError('conversation_unknown');
    }
    const pins = await store.owned.pins.of(accountId);
    // One that was denied or is gone cannot be seen, so nobody could make room by unpinning it.
    const hidden = new Set<ConversationId>();
    for (const { conversationId: id } of pins) {
      if (!(await this.#isShown(accountId, id))) hidden.add(id);
    }
    const isPinned = await store.owned.pins.put(
      { accountId, conversationId, pinnedAt: now() },
      mostPins,
      (pin) => hidden.has(pin.conversationId),
    );
    if (!isPinned) throw new LockstepError('too_many_pins');
  }

  async unpin(conversationId: ConversationId): Promise<void> {
    const { store, account } = this.#options;
    await store.owned.pins.delete((await account()).id, conversationId);
  }

  async #isShown(accountId: Pin['accountId'], id: ConversationId): Promise<boolean> {
    const stored = await this.#options.store.derived(accountId).conversation(id);
    return stored?.consent === 'allowed';
  }
}
