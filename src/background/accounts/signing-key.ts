/**
 * The key of a local account while its registration goes on. It is in the browser's memory only, so that
 * a start of the background can go on without asking; a restart of the browser asks for it again.
 */
import type { AccountId } from '../../shared/ids.ts';

export interface SigningKeyMemory {
  read(accountId: AccountId): Promise<Uint8Array | null>;
  keep(accountId: AccountId, privateKey: Uint8Array): Promise<void>;
  forget(): Promise<void>;
}
