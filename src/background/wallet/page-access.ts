/** The one web page that a person has opened Lockstep over, as far as the browser lets us. */
import type { WalletCall } from '../../content/ask-wallet.ts';

/**
 * All answers come from the page or through it, so they are unknown until they are checked. Each call
 * rejects where the browser does not let us into the tab (any more).
 */
export interface PageAccess {
  /** The tab in front; null if there is none. */
  activeTab(): Promise<number | null>;
  /** A `MarkedDocument` from our isolated world. */
  mark(tabId: number, sessionId: string | null): Promise<unknown>;
  /** `AnnouncedWallet`s from the page's own world. */
  findWallets(tabId: number, patience: number): Promise<unknown>;
  /** A `WalletReply` from the page's own world, as soon as the wallet has answered. */
  ask(tabId: number, call: WalletCall): Promise<unknown>;
  /** Brings the tab to the front. */
  show(tabId: number): Promise<void>;
}
