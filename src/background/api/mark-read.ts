import { readPositionsOf } from '../read-state/read-positions.ts';
import type { CommandHandler } from './handler.ts';

export const markRead: CommandHandler<'markRead'> = async (
  { store, accounts },
  { conversationId, until },
) => {
  const account = await accounts.ready();
  await store.owned.readPositions.advance(account.id, conversationId, until);
  const read = await readPositionsOf(store.owned, account);
  await store.derived(account.id).recountUnread(conversationId, read);
  return null;
};
