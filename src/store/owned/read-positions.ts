/** Up to where the person has read each conversation. */
import type { AccountId, ConversationId, Milliseconds } from '../../shared/ids.ts';
import { ofAccount } from './account-range.ts';
import type { OwnedContext } from './aggregate.ts';

export interface ReadPosition {
  readonly accountId: AccountId;
  readonly conversationId: ConversationId;
  readonly until: Milliseconds;
}

export interface ReadPositionStores {
  readPositions: { key: [AccountId, ConversationId]; value: ReadPosition };
}

export class OwnedReadPositions {
  readonly #context: OwnedContext;

  constructor(context: OwnedContext) {
    this.#context = context;
  }

  /** All read positions of an account. */
  async of(accountId: AccountId): Promise<ReadonlyMap<ConversationId, Milliseconds>> {
    const database = await this.#context.open();
    const positions = await database.getAll('readPositions', ofAccount(accountId));
    return new Map(positions.map(({ conversationId, until }) => [conversationId, until]));
  }

  /** Moves a read position forward; an earlier one changes nothing. Answers where it is now. */
  async advance(
    accountId: AccountId,
    conversationId: ConversationId,
    until: Milliseconds,
  ): Promise<Milliseconds> {
    const transaction = (await this.#context.open()).transaction('readPositions', 'readwrite');
    const stored = await transaction.store.get([accountId, conversationId]);
    const position = Math.max(until, stored?.until ?? 0);
    await transaction.store.put({ accountId, conversationId, until: position });
    await transaction.done;
    return position;
  }
}
