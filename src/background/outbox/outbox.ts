/**
 * Messages on their way out. The intent is stored before libxmtp hears of it; libxmtp makes the same
 * message of the same key, so a message is repeated after any crash and still sent once.
 */
import { Coalesced } from '../../shared/concurrency/coalesced.ts';
import { LockstepError, toErrorRecord, type ErrorCode } from '../../shared/errors.ts';
import type { ReadyAccount } from '../../shared/account.ts';
import type { ConversationId, Milliseconds, OutboxId } from '../../shared/ids.ts';
import { longestText, type OutboxEntry } from '../../shared/outbox.ts';
import type { Store } from '../../store/write.ts';
import type { DatabaseConnection } from '../connection/database-connection.ts';
import { readPositionsOf } from '../read-state/read-positions.ts';

export interface OutboxOptions {
  readonly store: Store;
  readonly connection: DatabaseConnection;
  readonly account: () => Promise<ReadyAccount>;
  readonly newOutboxId: () => OutboxId;
  /** A message went out. */
  readonly onSent: () => Promise<void>;
  readonly now: () => Milliseconds;
  readonly keepAwake: () => () => void;
}

/** Failures that pass: the message goes out by itself after the next good sync. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'network_unreachable',
  'network_refused',
  'network_timeout',
  'network_rate_limited',
  'network_failed',
  'message_not_sent',
  'engine_crashed',
  'engine_timeout',
  'interrupted',
  'database_locked',
  'database_released',
  'database_write_failed',
  // A sync that ended well found room on the disk.
  'storage_full',
  // Nothing that we know to be final: trying again sends once, whatever it was.
  'unexpected',
]);

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #sending = new Coalesced(() => this.#sendWaiting());

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Journals a message and starts sending. Throws message_empty, message_too_large. */
  async add(conversationId: ConversationId, text: string): Promise<OutboxId> {
    const { store, account, newOutboxId, now } = this.#options;
    if (text.trim() === '') throw new LockstepError('message_empty');
    const bytes = new TextEncoder().encode(text).length;
    if (bytes > longestText) {
      throw new LockstepError('message_too_large', { detail: `${bytes} bytes` });
    }
    const { id: accountId } = await account();
    const entry: OutboxEntry = {
      id: newOutboxId(),
      accountId,
      conversationId,
      text,
      createdAt: now(),
      messageId: null,
      state: { kind: 'waiting' },
    };
    await store.owned.outbox.put(entry);
    this.send();
    return entry.id;
  }

  /** Tries a failed message again. One that is gone was sent meanwhile. */
  async retry(id: OutboxId): Promise<void> {
    const entry = await this.#options.store.owned.outbox.get(id);
    if (entry?.state.kind !== 'failed') return;
    await this.#options.store.owned.outbox.put({ ...entry, state: { kind: 'waiting' } });
    this.send();
  }

  /** Gives up a failed message. */
  async discard(id: OutboxId): Promise<void> {
    const entry = await this.#options.store.owned.outbox.get(id);
    if (entry?.state.kind === 'failed') await this.#options.store.owned.outbox.delete(entry);
  }

  /** Sends what waits, and what an earlier life was sending; with `failed`, also what may pass now. */
  async resume({ failed }: { readonly failed: boolean }): Promise<void> {
    // What is being sent now may fail for a reason that has just passed.
    await this.#sending.settled();
    const { owned } = this.#options.store;
    let some = false;
    for (const entry of await owned.outbox.all()) {
      const { state } = entry;
      const mayPass = failed && state.kind === 'failed' && passing.has(state.error.code);
      if (state.kind === 'sending' || mayPass) {
        await owned.outbox.put({ ...entry, state: { kind: 'waiting' } });
      } else if (state.kind === 'failed') continue;
      some = true;
    }
    if (some) this.send();
  }

  /** Starts sending what waits; one message after the other, in the order they were written. */
  send(): void {
    const sleep = this.#options.keepAwake();
    void this.#sending
      .request()
      .catch(() => undefined) // the store itself failed; the next start sends what waits
      .finally(sleep);
  }

  async #sendWaiting(): Promise<void> {
    const waiting = (await this.#options.store.owned.outbox.all())
      .filter(({ state }) => state.kind === 'waiting')
      .sort((a, b) => a.createdAt - b.createdAt);
    for (const entry of waiting) await this.#sendOne(entry);
  }

  async #sendOne(entry: OutboxEntry): Promise<void> {
    const { store, connection, account } = this.#options;
    const { id, conversationId, text } = entry;
    try {
      await store.owned.outbox.put({ ...entry, state: { kind: 'sending' } });
      const send = () =>
        connection.use((engine) =>
          engine.call('sendText', { conversationId, text, idempotencyKey: id }),
        );
      const message = await send().catch((error: unknown) => {
        // An engine that dies in the middle gets one successor: the key makes it the same message.
        if (error instanceof LockstepError && error.code === 'engine_crashed') return send();
        throw error;
      });
      const ready = await account();
      const read = await readPositionsOf(store.owned, ready);
      await store.derived(ready.id).putMessages(conversationId, [message], read);
      await store.owned.outbox.delete(entry);
      await this.#options.onSent();
    } catch (error) {
      const state = { kind: 'failed', error: toErrorRecord(error) } as const;
      await store.owned.outbox.put({ ...entry, state });
    }
  }
}
