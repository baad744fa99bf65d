/**
 * An account had its key beside its address. What is kept of a key is a record of its own now, and a key
 * that was kept as it is says so, until the person has chosen. Shapes are frozen here.
 */
import type { Migration } from '../migrations.ts';

interface AccountBefore {
  readonly signer?: {
    readonly kind: string;
    readonly address: string;
    readonly privateKey?: unknown;
  };
}

export const nameKeptKeys: Migration = (_database, transaction) => {
  void (async () => {
    const values = transaction.objectStore('values');
    const account = (await values.get('account')) as AccountBefore | undefined;
    if (account?.signer?.privateKey === undefined) return;
    const { privateKey, ...signer } = account.signer;
    const key = { kind: 'unprotected', privateKey };
    await values.put({ ...account, signer: { ...signer, key } }, 'account');
  })().catch(() => transaction.abort());
};
