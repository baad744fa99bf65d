/** What Lockstep asks of a wallet: its account, and a signature over one text. */
import * as v from 'valibot';
import type { WalletSigner } from '../../shared/account.ts';
import { LockstepError } from '../../shared/errors.ts';
import { ecdsaLength, recoverSigner } from '../../shared/ethereum.ts';
import { fromHex, toHex } from '../../shared/hex.ts';
import type { Address } from '../../shared/ids.ts';
import type { Signature, SignatureRequest } from '../../shared/signature-request.ts';
import type { PageWallet } from '../../shared/wallet-link.ts';
import { accountsSchema, bytesSchema, chainIdSchema, quantitySchema } from './page-answers.ts';
import type { WalletSession } from './wallet-session.ts';

/** Milliseconds in which a person unlocks their wallet and answers it. */
const forApproval = 5 * 60_000;
/** What an ordinary account that lends itself a contract's code has in place of code (EIP-7702). */
const delegation = 'ef0100';

/** The account that the wallet shows this page. Throws as `WalletSession.call`. */
export async function askForAccount(
  session: WalletSession,
  wallet: PageWallet,
): Promise<WalletSigner> {
  const [address] = await session.call(
    wallet.id,
    'eth_requestAccounts',
    [],
    accountsSchema,
    forApproval,
  );
  if (address === undefined) throw new LockstepError('wallet_declined', { detail: 'no account' });
  const chainId = await session.call(wallet.id, 'eth_chainId', [], chainIdSchema);
  return {
    kind: 'wallet',
    address,
    walletName: wallet.name,
    chainId: (await isContract(session, wallet, address)) ? chainId : null,
  };
}

/** A wallet that does not answer this question has an ordinary account. */
async function isContract(
  session: WalletSession,
  { id }: PageWallet,
  address: Address,
): Promise<boolean> {
  try {
    const code = await session.call(id, 'eth_getCode', [address, 'latest'], bytesSchema);
    return code !== '' && !code.startsWith(delegation);
  } catch (error) {
    if (error instanceof LockstepError && error.code === 'wallet_failed') return false;
    throw error;
  }
}

/**
 * The signature over a request's text. An ordinary account's is checked here; a contract's can only be
 * checked on its chain, by the node. Throws wallet_other_account, wallet_other_chain, signature_wrong, and
 * as `WalletSession.call`.
 */
export async function askForSignature(
  session: WalletSession,
  wallet: PageWallet,
  signer: WalletSigner,
  { text }: SignatureRequest,
): Promise<Signature> {
  const { address } = signer;
  const chain = () => session.call(wallet.id, 'eth_chainId', [], chainIdSchema);
  await requireAccount(session, wallet, signer);
  const chainId = await chain();
  if (signer.chainId !== null && signer.chainId !== chainId)
    throw otherChain(signer.chainId, chainId);
  const message = `0x${toHex(new TextEncoder().encode(text))}`;
  const digits = await session.call(
    wallet.id,
    'personal_sign',
    [message, address],
    v.pipe(bytesSchema, v.minLength(2)),
    forApproval,
  );
  const bytes = fromHex(digits);
  const recovered = recoverSigner(text, bytes);
  if (recovered?.address === address) return { kind: 'ecdsa', bytes: recovered.signature };
  if (signer.chainId === null && bytes.length === ecdsaLength) {
    throw new LockstepError('signature_wrong', {
      detail: `signed by ${recovered?.address ?? 'nobody'}`,
    });
  }
  // Which chain it is for is not in the signature: it is the one that the wallet is on, before and after.
  const after = await chain();
  if (after !== chainId) throw otherChain(chainId, after);
  const blockNumber = await session.call(wallet.id, 'eth_blockNumber', [], quantitySchema);
  return { kind: 'contract', bytes, address, chainId, blockNumber };
}

/** Throws wallet_other_account. */
export async function requireAccount(
  session: WalletSession,
  wallet: PageWallet,
  { address }: WalletSigner,
): Promise<void> {
  const accounts = await session.call(wallet.id, 'eth_accounts', [], accountsSchema);
  if (!accounts.includes(address)) {
    const detail = accounts.length === 0 ? 'no account' : accounts.join(', ');
    throw new LockstepError('wallet_other_account', { detail });
  }
}

const otherChain = (expected: number, found: number) =>
  new LockstepError('wallet_other_chain', { detail: `expected ${expected}, found ${found}` });
