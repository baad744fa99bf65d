/**
 * Making an account. Each step is recorded before it starts, and every step may be repeated, so a
 * registration goes on where a reload, a crash or a lost network stopped it.
 */
import { SingleFlight } from '../../shared/concurrency/single-flight.ts';
import type {
  Account,
  KeptKey,
  ReadyAccount,
  RegistrationStep,
  Signer,
  WalletSigner,
} from '../../shared/account.ts';
import { LockstepError, toErrorRecord } from '../../shared/errors.ts';
import { addressOf, parsePrivateKey } from '../../shared/ethereum.ts';
import type { AccountId } from '../../shared/ids.ts';
import type { NetworkChoice } from '../../shared/network-choice.ts';
import type { Store } from '../../store/write.ts';
import type { DatabaseConnection } from '../connection/database-connection.ts';
import type { Signatures } from './signatures.ts';

export interface AccountsOptions {
  readonly store: Store;
  readonly connection: DatabaseConnection;
  readonly signatures: Signatures;
  readonly newAccountId: () => AccountId;
  readonly now: () => number;
  /** The first sync of an inbox that has just been registered. */
  readonly onReady: (account: ReadyAccount) => Promise<void>;
}

export class Accounts {
  readonly #options: AccountsOptions;
  readonly #registering = new SingleFlight();

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  /** Throws no_account. */
  async current(): Promise<Account> {
    const account = await this.#options.store.owned.account.read();
    if (account === null) throw new LockstepError('no_account');
    return account;
  }

  /** Throws no_account, also while a registration is under way. */
  async ready(): Promise<ReadyAccount> {
    const account = await this.current();
    if (account.phase !== 'ready') {
      throw new LockstepError('no_account', { detail: 'the registration has not finished' });
    }
    return account;
  }

  /**
   * An account of a key that is used to register and then forgotten, but for what `kept` says of it.
   * Throws account_exists, bad_private_key.
   */
  async create(network: NetworkChoice, privateKey: string, kept: KeptKey): Promise<AccountId> {
    const { newAccountId, signatures } = this.#options;
    const key = parsePrivateKey(privateKey);
    await this.#requireNone();
    const id = newAccountId();
    await signatures.remember(id, key);
    return this.#start(id, network, { kind: 'local', address: addressOf(key), key: kept });
  }

  /** An account of a wallet. Throws account_exists. */
  async createForWallet(network: NetworkChoice, signer: WalletSigner): Promise<AccountId> {
    await this.#requireNone();
    return this.#start(this.#options.newAccountId(), network, signer);
  }

  /** A smart-contract wallet has signed on this chain, so its contract is there. */
  async noteChain(chainId: number): Promise<void> {
    const account = await this.current();
    const { signer } = account;
    if (signer.kind !== 'wallet' || signer.chainId === chainId) return;
    await this.#options.store.owned.account.put({ ...account, signer: { ...signer, chainId } });
  }

  async #requireNone(): Promise<void> {
    if ((await this.#options.store.owned.account.read()) !== null) {
      throw new LockstepError('account_exists');
    }
  }

  async #start(id: AccountId, network: NetworkChoice, signer: Signer): Promise<AccountId> {
    const { store, now } = this.#options;
    await store.owned.account.put({
      id,
      network,
      signer,
      databaseName: `lockstep-${id}.db3`,
      createdAt: now(),
      phase: 'registering',
      step: 'preparing',
      error: null,
    });
    void this.resume();
    return id;
  }

  /** Takes up a registration that is not finished, if there is one. Errors end up in the account. */
  resume(): Promise<void> {
    return this.#registering.run(() => this.#register());
  }

  /** Forgets an account that never became ready. Throws no_account, account_exists. */
  async discard(): Promise<void> {
    const account = await this.current();
    if (account.phase === 'ready') throw new LockstepError('account_exists');
    const { store, connection, signatures } = this.#options;
    signatures.cancel();
    await connection.abandon();
    await this.#registering.settled();
    await signatures.forget();
    await store.owned.account.forget();
    await store.deleteDerived(account.id);
  }

  async #register(): Promise<void> {
    const account = await this.#options.store.owned.account.read();
    if (account?.phase !== 'registering') return;
    try {
      await this.#step('opening');
      const { connection, signatures } = this.#options;
      const ready = await connection.use(async (engine) => {
        await this.#step('signing');
        const request = await signatures.obtain(engine, account, { kind: 'register' });
        if (request !== null) {
          await this.#step('registering');
          await engine.call('applySignatures', { id: request });
        }
        return engine.call('identity', {});
      });
      const { inboxId, installationId } = ready;
      // The signer may have shown its chain meanwhile.
      const { id, network, signer, databaseName, createdAt } = await this.current();
      const done: ReadyAccount = {
        id,
        network,
        signer,
        databaseName,
        createdAt,
        phase: 'ready',
        inboxId,
        installationId,
      };
      await this.#options.store.owned.account.put(done);
      await signatures.forget();
      await this.#options.onReady(done);
    } catch (error) {
      await this.#fail(error);
    }
  }

  async #step(step: RegistrationStep): Promise<void> {
    const account = await this.#options.store.owned.account.read();
    if (account?.phase !== 'registering') throw new LockstepError('no_account');
    await this.#options.store.owned.account.put({ ...account, step, error: null });
  }

  async #fail(thrown: unknown): Promise<void> {
    const account = await this.#options.store.owned.account.read();
    if (account?.phase !== 'registering') return;
    await this.#options.store.owned.account.put({ ...account, error: toErrorRecord(thrown) });
  }
}
