/** Pins: at most so many at a time. */
import type { AccountId } from '../../shared/ids.ts';
import type { OwnedDatabase } from '../database.ts';
import type { Pin } from './schema.ts';

/**
 * Pins a conversation. When all `places` are taken, the oldest pin that `mayGo` gives its place up.
 * Answers false where there is none and nothing was pinned.
 */
export async function putPin(
  database: OwnedDatabase,
  pin: Pin,
  places: number,
  mayGo: (pin: Pin) => boolean,
): Promise<boolean> {
  const { accountId, conversationId } = pin;
  const transaction = database.transaction('pins', 'readwrite');
  const pins = await transaction.store.getAll(ofAccount(accountId));
  const others = pins.filter((other) => other.conversationId !== conversationId);
  if (others.length >= places) {
    const [leaving] = others.filter(mayGo).sort((a, b) => a.pinnedAt - b.pinnedAt);
    if (leaving === undefined) return false;
    await transaction.store.delete([accountId, leaving.conversationId]);
  }
  await transaction.store.put(pin);
  await transaction.done;
  return true;
}

/** Keys that begin with an account. */
export function ofAccount(accountId: AccountId): IDBKeyRange {
  return IDBKeyRange.bound([accountId], [accountId, '\uffff']);
}
