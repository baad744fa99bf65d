/** How far a person has come on the way to their wallet. */
import type { PublicAccount } from '../../shared/account.ts';
import type { SignatureRequest } from '../../shared/signature-request.ts';
import type { WalletLink } from '../../shared/wallet-link.ts';
import { useApp } from './app.ts';

export type WalletStep =
  /** No page with the wallet is connected: it has to be found. */
  | { readonly kind: 'find' }
  | Extract<WalletLink['state'], { readonly kind: 'connecting' }>
  | { readonly kind: 'preparing' }
  | { readonly kind: 'sign'; readonly walletName: string; readonly request: SignatureRequest };

/** Null where no wallet is wanted, or where something else has to be done first. */
export function useWalletStep(): WalletStep | null {
  const app = useApp();
  const account = app.account.value.value;
  const link = app.walletLink.value.value ?? null;
  const request = app.signatureRequest.value.value ?? null;
  return account === undefined ? null : walletStep(account, link, request);
}

export function walletStep(
  account: PublicAccount | null,
  link: WalletLink | null,
  request: SignatureRequest | null,
): WalletStep | null {
  if (link === null && account?.signer.kind !== 'wallet') return null;
  if (account?.phase === 'registering' && account.error !== null) return null;
  if (link?.state.kind === 'connecting') return link.state;
  if (account === null) return { kind: 'find' };
  if (request === null) return account.phase === 'registering' ? { kind: 'preparing' } : null;
  if (link?.state.kind !== 'connected') return { kind: 'find' };
  return { kind: 'sign', walletName: link.state.walletName, request };
}
