/**
 * Which account a page found last time, so that it can open that account's database while it still asks
 * whether it is the one. Only a hint: whoever reads it must compare.
 */
import type { AccountId } from '../shared/ids.ts';

const key = 'lockstep-last-account';

/** Pages have a place that answers at once; workers and tests have none. */
const place = () => (typeof localStorage === 'undefined' ? null : localStorage);

export function lastAccount(): AccountId | null {
  try {
    return (place()?.getItem(key) ?? null) as AccountId | null;
  } catch {
    return null; // storage that is forbidden or full: nothing depends on it
  }
}

export function rememberAccount(id: AccountId): void {
  try {
    if (lastAccount() !== id) place()?.setItem(key, id);
  } catch {
    // As above.
  }
}
