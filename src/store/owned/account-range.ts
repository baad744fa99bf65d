import type { AccountId } from '../../shared/ids.ts';

/** Keys that begin with an account. */
export function ofAccount(accountId: AccountId): IDBKeyRange {
  return IDBKeyRange.bound([accountId], [accountId, '\uffff']);
}
