/** Consent states that the person chose and libxmtp does not know yet. */
import type { ConsentState } from '../../shared/consent.ts';
import type { AccountId, ConversationId } from '../../shared/ids.ts';
import type { OwnedContext } from './aggregate.ts';

export interface ConsentIntent {
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly consent: ConsentState;
}

export interface ConsentIntentStores {
  consentIntents: { key: ConversationId; value: ConsentIntent };
}

export class OwnedConsentIntents {
  readonly #context: OwnedContext;

  constructor(context: OwnedContext) {
    this.#context = context;
  }

  async all(): Promise<readonly ConsentIntent[]> {
    return (await this.#context.open()).getAll('consentIntents');
  }

  async put(intent: ConsentIntent): Promise<void> {
    await (await this.#context.open()).put('consentIntents', intent);
  }

  /** Forgets an intent, unless the person has changed their mind since. */
  async settle(intent: ConsentIntent): Promise<void> {
    const transaction = (await this.#context.open()).transaction('consentIntents', 'readwrite');
    const stored = await transaction.store.get(intent.conversationId);
    if (stored?.consent === intent.consent) await transaction.store.delete(intent.conversationId);
    await transaction.done;
  }
}
