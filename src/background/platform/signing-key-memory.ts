/** In the session's storage, like the popup's snapshot: on no disk, for the extension's own pages only. */
import * as v from 'valibot';
import { fromHex, toHex } from '../../shared/hex.ts';
import type { SigningKeyMemory } from '../accounts/signing-key.ts';
import { browser } from './browser.ts';

const name = 'signingKey';
const schema = v.object({ accountId: v.string(), privateKey: v.pipe(v.string(), v.hexadecimal()) });

export const signingKeyMemory: SigningKeyMemory = {
  async read(accountId) {
    const stored = v.safeParse(schema, (await browser.storage.session.get(name))[name]);
    if (!stored.success || stored.output.accountId !== accountId) return null;
    return fromHex(stored.output.privateKey);
  },
  keep: (accountId, privateKey) =>
    browser.storage.session.set({ [name]: { accountId, privateKey: toHex(privateKey) } }),
  forget: () => browser.storage.session.remove(name),
};
