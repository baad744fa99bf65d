/**
 * What the aggregates of the owned database are made of. Guarantee: pages hear of a change after its
 * commit, never before.
 */
import type { OwnedDatabase } from '../database.ts';
import type { HidingGuard } from '../hiding.ts';
import { ownedValue } from '../reader-queries.ts';
import type { StoreChange, StoreTopic } from '../reader.ts';
import type { OwnedValues } from './schema.ts';

export interface OwnedContext {
  readonly open: () => Promise<OwnedDatabase>;
  readonly announce: (change: StoreChange) => void;
  readonly hiding: HidingGuard;
}

/** Announces a commit that may concern any conversation. */
export function announceTopics({ announce }: OwnedContext, ...topics: StoreTopic[]): void {
  announce({ topics, conversationIds: null });
}

export interface SingleRecordOptions<Value, Read> {
  /** What a page may have to read again; null where no page shows it. */
  readonly topic: StoreTopic | null;
  /** Makes what is stored (undefined before the first write) what readers get. */
  readonly from: (stored: Value | undefined) => Read;
}

/** A record of which there is one, under its own key. `Read` is what readers get before the first write, too. */
export class SingleRecord<Key extends keyof OwnedValues, Read extends OwnedValues[Key] | null> {
  readonly #context: OwnedContext;
  readonly #key: Key;
  readonly #options: SingleRecordOptions<OwnedValues[Key], Read>;

  constructor(
    context: OwnedContext,
    key: Key,
    options: SingleRecordOptions<OwnedValues[Key], Read>,
  ) {
    this.#context = context;
    this.#key = key;
    this.#options = options;
  }

  async read(): Promise<Read> {
    return this.#options.from(await ownedValue(await this.#context.open(), this.#key));
  }

  async put(value: OwnedValues[Key]): Promise<void> {
    await (await this.#context.open()).put('values', value, this.#key);
    this.#announce();
  }

  /** Reads and writes in one transaction: several parts of the background change it. Answers what is stored then. */
  async change(change: (value: Read) => OwnedValues[Key]): Promise<OwnedValues[Key]> {
    const transaction = (await this.#context.open()).transaction('values', 'readwrite');
    const stored = (await transaction.store.get(this.#key)) as OwnedValues[Key] | undefined;
    const changed = change(this.#options.from(stored));
    await transaction.store.put(changed, this.#key);
    await transaction.done;
    this.#announce();
    return changed;
  }

  async delete(): Promise<void> {
    await (await this.#context.open()).delete('values', this.#key);
    this.#announce();
  }

  #announce(): void {
    const { topic } = this.#options;
    if (topic !== null) announceTopics(this.#context, topic);
  }
}
