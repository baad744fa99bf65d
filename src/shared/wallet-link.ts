/** The way to a wallet in a web page, as far as a person has come on it. */
import type { ErrorRecord } from './errors.ts';
import type { Milliseconds } from './ids.ts';
import type { NetworkChoice } from './network-choice.ts';

/** A wallet in a page, as it may be shown: checked for form, but the page's word. */
export interface PageWallet {
  readonly id: string;
  /** Empty where it does not say. */
  readonly name: string;
  /** A `data:` address of an image; null where it has none that may be shown. */
  readonly icon: string | null;
}

export interface FoundWallets {
  /** To be named with the wallet that is chosen. */
  readonly sessionId: string;
  readonly origin: string;
  readonly wallets: readonly PageWallet[];
}

export interface WalletLink {
  /** Where the inbox is to be set up; null where the account is there and only has to sign. */
  readonly network: NetworkChoice | null;
  readonly state:
    /** `problem`: why the last try came to nothing. */
    | { readonly kind: 'inviting'; readonly problem: ErrorRecord | null }
    /** The wallet has been asked for its account and has not answered. */
    | {
        readonly kind: 'connecting';
        readonly walletName: string;
        readonly origin: string;
        readonly since: Milliseconds;
      }
    /** It can be asked to sign for as long as its page is open and the background runs. */
    | { readonly kind: 'connected'; readonly walletName: string; readonly origin: string };
}
