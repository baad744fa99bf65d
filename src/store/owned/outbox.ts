/** Messages that the person wrote and that are not sent yet, or failed. */
import type { ConversationId, Milliseconds, OutboxId } from '../../shared/ids.ts';
import type { OutboxEntry } from '../../shared/outbox.ts';
import type { OwnedContext } from './aggregate.ts';

export interface OutboxStores {
  outbox: {
    key: OutboxId;
    value: OutboxEntry;
    indexes: { byConversation: [ConversationId, Milliseconds] };
  };
}

export class OwnedOutbox {
  readonly #context: OwnedContext;

  constructor(context: OwnedContext) {
    this.#context = context;
  }

  async get(id: OutboxId): Promise<OutboxEntry | null> {
    return (await (await this.#context.open()).get('outbox', id)) ?? null;
  }

  /** Every entry, oldest first within its conversation. */
  async all(): Promise<readonly OutboxEntry[]> {
    return (await this.#context.open()).getAllFromIndex('outbox', 'byConversation');
  }

  async put(entry: OutboxEntry): Promise<void> {
    await (await this.#context.open()).put('outbox', entry);
    this.#announce(entry);
  }

  async delete(entry: Pick<OutboxEntry, 'id' | 'conversationId'>): Promise<void> {
    await (await this.#context.open()).delete('outbox', entry.id);
    this.#announce(entry);
  }

  #announce({ conversationId }: Pick<OutboxEntry, 'conversationId'>): void {
    this.#context.announce({ topics: ['outbox'], conversationIds: [conversationId] });
  }
}
