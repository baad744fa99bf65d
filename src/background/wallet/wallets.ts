/**
 * Wallets in web pages. Guarantees: nothing is asked of a page that the person has not chosen a wallet in;
 * one question at a time; a page that goes, and a background that ends, leave a record from which the person
 * can go on, and have spent nothing.
 */
import type { WalletSigner } from '../../shared/account.ts';
import { LockstepError, toErrorRecord } from '../../shared/errors.ts';
import type { NetworkChoice } from '../../shared/network-choice.ts';
import type { FoundWallets, PageWallet, WalletLink } from '../../shared/wallet-link.ts';
import type { Store } from '../../store/write.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Signatures } from '../accounts/signatures.ts';
import type { PageAccess } from './page-access.ts';
import { askForAccount, askForSignature } from './wallet-requests.ts';
import { WalletSession } from './wallet-session.ts';

export interface WalletsOptions {
  readonly owned: Store['owned'];
  readonly accounts: Accounts;
  readonly signatures: Signatures;
  readonly pages: PageAccess;
  readonly newSessionId: () => string;
  readonly keepAwake: () => () => void;
  readonly now: () => number;
}

interface Connected {
  readonly session: WalletSession;
  readonly wallet: PageWallet;
}

export class Wallets {
  readonly #options: WalletsOptions;
  /** Where the person looked last; its wallets can be chosen once. */
  #found: WalletSession | null = null;
  #connected: Connected | null = null;

  constructor(options: WalletsOptions) {
    this.#options = options;
  }

  /** The person wants to set their inbox up with a wallet. Throws account_exists. */
  async invite(network: NetworkChoice): Promise<void> {
    const { owned } = this.#options;
    if ((await owned.account.read()) !== null) throw new LockstepError('account_exists');
    await owned.walletLink.put({ network, state: { kind: 'inviting', problem: null } });
  }

  /** Gives up what a wallet is asked for, and the way to it. */
  async cancel(): Promise<void> {
    this.#end();
    await this.#options.owned.walletLink.delete();
  }

  /** Looks for wallets in the tab in front. Throws page_unreachable. */
  async find(): Promise<FoundWallets> {
    const { pages, newSessionId } = this.#options;
    const session = await WalletSession.open(pages, newSessionId());
    this.#found = session;
    const { id: sessionId, origin, wallets } = session;
    return { sessionId, origin, wallets };
  }

  /**
   * Asks a wallet that was found for its account, and goes on with it: a new account, or the one that has to
   * sign. Answers once that is recorded. Throws wallet_gone.
   */
  async connect(sessionId: string, walletId: string): Promise<void> {
    const { owned, now } = this.#options;
    const session = this.#found;
    const wallet = session?.wallets.find(({ id }) => id === walletId);
    if (session?.id !== sessionId || wallet === undefined) throw new LockstepError('wallet_gone');
    const link = await owned.walletLink.read();
    const account = await owned.account.read();
    // A page, and a popup that was left open, must not start anything of themselves.
    if (link === null && account?.signer.kind !== 'wallet') throw new LockstepError('interrupted');
    this.#end();
    const connected = { session, wallet };
    this.#connected = connected;
    const network = link?.network ?? null;
    const { origin } = session;
    await owned.walletLink.put({
      network,
      state: { kind: 'connecting', walletName: wallet.name, origin, since: now() },
    });
    void this.#awake(() => this.#connect(connected, network));
  }

  /**
   * Asks the connected wallet to sign what waits. Answers once that is recorded. Throws wallet_gone,
   * interrupted.
   */
  async sign(requestId: string): Promise<void> {
    const { signatures, accounts, now } = this.#options;
    const request = signatures.waiting(requestId);
    const { signer } = await accounts.current();
    const connected = this.#connected;
    if (connected === null || signer.kind !== 'wallet') throw new LockstepError('wallet_gone');
    await signatures.mark(requestId, { kind: 'asking', since: now() });
    void connected.session.show().catch(() => undefined);
    void this.#awake(async () => {
      try {
        const signature = await askForSignature(
          connected.session,
          connected.wallet,
          signer,
          request,
        );
        if (signature.kind === 'contract') await accounts.noteChain(signature.chainId);
        await signatures.fulfil(requestId, signature);
      } catch (error) {
        await this.#failed(connected, error);
        // It may have been given up meanwhile.
        await signatures
          .mark(requestId, { kind: 'waiting', problem: toErrorRecord(error) })
          .catch(() => undefined);
      }
    });
  }

  /** After a start of the background: what a wallet was asked for by the one before is not answered to us. */
  async resume(): Promise<void> {
    const { owned } = this.#options;
    const link = await owned.walletLink.read();
    if (link === null || this.#connected !== null) return;
    if (link.state.kind !== 'inviting') await this.#invite(new LockstepError('interrupted'));
  }

  async #connect(connected: Connected, network: NetworkChoice | null): Promise<void> {
    const { owned, accounts } = this.#options;
    try {
      const { session, wallet } = connected;
      const found = await askForAccount(session, wallet);
      if (this.#connected !== connected) return;
      if (network !== null) await accounts.createForWallet(network, found);
      else requireSame(found, (await accounts.current()).signer);
      await owned.walletLink.put({
        network: null,
        state: { kind: 'connected', walletName: wallet.name, origin: session.origin },
      });
    } catch (error) {
      await this.#failed(connected, error);
    }
  }

  /** What ends a session; anything else may be tried again in it. */
  async #failed(connected: Connected, error: unknown): Promise<void> {
    if (this.#connected !== connected) return;
    const { code } = toErrorRecord(error);
    const link = await this.#options.owned.walletLink.read();
    const isConnected = link?.state.kind === 'connected';
    if (isConnected && code !== 'wallet_gone') return;
    this.#end();
    await this.#invite(error);
  }

  async #invite(error: unknown): Promise<void> {
    const { owned } = this.#options;
    const link: WalletLink | null = await owned.walletLink.read();
    if (link === null) return;
    await owned.walletLink.put({
      network: link.network,
      state: { kind: 'inviting', problem: toErrorRecord(error) },
    });
  }

  #end(): void {
    this.#connected?.session.end();
    this.#connected = null;
  }

  async #awake(work: () => Promise<void>): Promise<void> {
    const sleep = this.#options.keepAwake();
    try {
      await work();
    } finally {
      sleep();
    }
  }
}

function requireSame(
  found: WalletSigner,
  expected: { readonly kind: string; readonly address: string },
): void {
  if (found.address === expected.address) return;
  throw new LockstepError('wallet_other_account', { detail: found.address });
}
