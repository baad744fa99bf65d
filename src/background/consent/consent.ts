/**
 * Accepting and denying. The store follows at once; libxmtp is told as soon as it is open, and until
 * then the intent is kept, so that neither a crash nor a lost network forgets what the person chose.
 */
import { Coalesced } from '../../shared/concurrency/coalesced.ts';
import type { ConsentState } from '../../shared/consent.ts';
import { LockstepError } from '../../shared/errors.ts';
import type { ReadyAccount } from '../../shared/account.ts';
import type { ConversationId } from '../../shared/ids.ts';
import type { ConsentIntent } from '../../store/owned/consent-intents.ts';
import type { Store } from '../../store/write.ts';
import type { DatabaseConnection } from '../connection/database-connection.ts';

export interface ConsentOptions {
  readonly store: Store;
  readonly connection: DatabaseConnection;
  readonly account: () => Promise<ReadyAccount>;
  /** A conversation became allowed: its messages can come now. */
  readonly onAllowed: (conversationId: ConversationId) => Promise<unknown>;
  /** Resolves when nothing that was read from libxmtp before now can still reach the store. */
  readonly readingsSettled: () => Promise<void>;
  readonly keepAwake: () => () => void;
}

export class Consent {
  readonly #options: ConsentOptions;
  readonly #telling = new Coalesced(() => this.#tellAll());

  constructor(options: ConsentOptions) {
    this.#options = options;
  }

  /** Throws conversation_unknown. Answers when the choice is safe; telling libxmtp goes on alone. */
  async set(conversationId: ConversationId, consent: ConsentState): Promise<void> {
    const { store, account } = this.#options;
    const { id: accountId } = await account();
    const derived = store.derived(accountId);
    if ((await derived.conversation(conversationId)) === null) {
      throw new LockstepError('conversation_unknown');
    }
    await store.chooseConsent({ accountId, conversationId, consent });
    void this.carryOut().catch(() => undefined); // kept as an intent, for the next run
  }

  /** Tells libxmtp what it does not know yet. Rejects where it cannot be told now. */
  carryOut(): Promise<void> {
    const sleep = this.#options.keepAwake();
    return this.#telling.request().finally(sleep);
  }

  async #tellAll(): Promise<void> {
    const { store, readingsSettled } = this.#options;
    const intents = await store.owned.consentIntents.all();
    if (intents.length === 0) return;
    for (const intent of intents) await this.#tell(intent);
    // Until then they hold against what an update had read before (sync/consent-choices.ts).
    await readingsSettled();
    for (const intent of intents) await store.owned.consentIntents.settle(intent);
  }

  async #tell(intent: ConsentIntent): Promise<void> {
    const { store, connection, onAllowed } = this.#options;
    const { accountId, conversationId, consent } = intent;
    // The previous process may have ended between the intent and the store.
    await store.derived(accountId).setConsent(conversationId, consent);
    try {
      await connection.use((engine) => engine.call('setConsent', { conversationId, consent }));
    } catch (error) {
      // A conversation that libxmtp no longer has cannot be accepted or denied.
      const isGone = error instanceof LockstepError && error.code === 'conversation_unknown';
      if (!isGone) throw error;
    }
    if (consent === 'allowed') await onAllowed(conversationId);
  }
}
