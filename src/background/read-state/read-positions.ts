/** What counts as unread. */
import type { ReadyAccount } from '../../shared/account.ts';
import type { OwnedStore } from '../../store/owned/store.ts';
import type { ReadPositions } from '../../store/derived/store.ts';

/** What was sent before this installation existed was read elsewhere, or is history. */
export async function readPositionsOf(
  owned: OwnedStore,
  { id, inboxId, createdAt }: ReadyAccount,
): Promise<ReadPositions> {
  return { self: inboxId, floor: createdAt, positions: await owned.readPositions.of(id) };
}
