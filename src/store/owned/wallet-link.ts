import type { WalletLink } from '../../shared/wallet-link.ts';
import { SingleRecord, type OwnedContext } from './aggregate.ts';

export interface WalletLinkValues {
  readonly walletLink: WalletLink;
}

/** The way to a wallet in a web page; null where none is wanted. */
export class OwnedWalletLink extends SingleRecord<'walletLink', WalletLink | null> {
  constructor(context: OwnedContext) {
    super(context, 'walletLink', { topic: 'account', from: (stored) => stored ?? null });
  }
}
