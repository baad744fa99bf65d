/** Which database the engine opens for an account, and whose it must be. */
import type { Account } from '../../shared/account.ts';
import type { OpenInput } from '../../shared/engine-protocol.ts';
import { endpointsOf } from '../../shared/network-choice.ts';

export function openInputOf(account: Account, serveHistory: boolean): OpenInput {
  const { databaseName, network, signer } = account;
  return {
    databaseName,
    address: signer.address,
    endpoints: endpointsOf(network),
    serveHistory,
    expect:
      account.phase === 'ready'
        ? {
            kind: 'existing',
            inboxId: account.inboxId,
            installationId: account.installationId,
          }
        : { kind: 'create' },
  };
}
