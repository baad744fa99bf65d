/** Installation keys are Ed25519 public keys. */
import { require } from './bad-request.ts';

const length = 32;

export function checkInstallationKey(key: Uint8Array, where: string): void {
  require(key.length === length, `${where}: ${key.length} bytes instead of ${length}`);
}
