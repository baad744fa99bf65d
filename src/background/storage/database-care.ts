/**
 * What a person can do with libxmtp's database: look at it, check, export, restore and replace it, and
 * fill the store again from it. Guarantee: nothing works on its files while it is open; whoever needs
 * the database meanwhile waits.
 */
import type { ReadyAccount, RegisteringAccount } from '../../shared/account.ts';
import { SingleFlight } from '../../shared/concurrency/single-flight.ts';
import type { DatabaseStats, IntegrityReport, Rebuild } from '../../shared/database.ts';
import { toErrorRecord } from '../../shared/errors.ts';
import { withReconcileDue } from '../../store/owned/full-reconcile.ts';
import type { Store } from '../../store/write.ts';
import type { DatabaseConnection } from '../connection/database-connection.ts';
import type { Engine } from '../connection/engine.ts';
import type { StoreUpdates } from '../sync/store-updates.ts';

export interface DatabaseCareOptions {
  readonly store: Store;
  readonly connection: DatabaseConnection;
  readonly updates: StoreUpdates;
  readonly account: () => Promise<ReadyAccount>;
  /** Registers what `startOver` has recorded. */
  readonly register: () => Promise<void>;
  readonly newDatabaseName: () => string;
  readonly keepAwake: () => () => void;
  readonly now: () => number;
}

export class DatabaseCare {
  readonly #options: DatabaseCareOptions;
  readonly #rebuilding = new SingleFlight();

  constructor(options: DatabaseCareOptions) {
    this.#options = options;
  }

  async facts(): Promise<DatabaseStats> {
    const { store, connection, account } = this.#options;
    const { databaseName } = await account();
    const look = (engine: Engine) => engine.call('storageStats', { databaseName });
    const hasFailed = async () => (await store.owned.connection.read())?.state === 'failed';
    // A database that cannot be opened has a size all the same, and looking is no reason to try again.
    const lookWithout = () => connection.maintain(look, { lendsOpen: true });
    if (await hasFailed()) return lookWithout();
    try {
      return await connection.use(look);
    } catch (error) {
      if (!(await hasFailed())) throw error;
      return lookWithout();
    }
  }

  /** Throws database_lost. */
  async check(): Promise<IntegrityReport> {
    const { databaseName } = await this.#options.account();
    return this.#options.connection.maintain((engine) =>
      engine.call('checkDatabase', { databaseName }),
    );
  }

  /** Leaves a copy in the transfer folder. Throws database_lost. */
  async export(): Promise<{ readonly bytes: number }> {
    const { databaseName } = await this.#options.account();
    return this.#options.connection.maintain((engine) =>
      engine.call('exportDatabase', { databaseName }),
    );
  }

  /**
   * Takes the file from the transfer folder and opens it. Throws bad_backup and inbox_mismatch, and
   * then nothing has changed.
   */
  async restore(): Promise<void> {
    const { connection, account } = this.#options;
    const { databaseName, inboxId } = await account();
    await connection.maintain((engine) =>
      engine.call('restoreDatabase', { databaseName, inboxId }),
    );
    await this.#distrust();
    await connection.reconnect();
  }

  /**
   * Gives this database up: another installation of the same inbox is registered in a new one. The old
   * one is deleted once the new one is opened, so a failure on the way loses nothing.
   */
  async startOver(): Promise<void> {
    const { store, connection, account, register, newDatabaseName } = this.#options;
    const { id, network, signer, createdAt } = await account();
    await connection.maintain(async () => {
      const fresh: RegisteringAccount = {
        id,
        network,
        signer,
        createdAt,
        databaseName: newDatabaseName(),
        phase: 'registering',
        step: 'preparing',
        error: null,
      };
      await store.owned.account.put(fresh);
      await store.derived(id).clear();
    });
    void register();
  }

  /** Empties the store and fills it again from libxmtp, without network. Answers once it is recorded. */
  async rebuild(): Promise<void> {
    const { store, account, now } = this.#options;
    await account();
    if (this.#rebuilding.isUnderWay) return;
    await store.owned.rebuild.put({ state: 'running', startedAt: now(), done: 0, total: null });
    this.#start();
  }

  /** Takes up a rebuild that an earlier life of the background did not finish. */
  async resume(): Promise<void> {
    const rebuild = await this.#options.store.owned.rebuild.read();
    if (rebuild?.state === 'running') this.#start();
  }

  #start(): void {
    void this.#rebuilding.run(() => this.#rebuild());
  }

  async #rebuild(): Promise<void> {
    const { store, connection, updates, account, keepAwake, now } = this.#options;
    const sleep = keepAwake();
    const startedAt = now();
    let ended: Rebuild;
    try {
      const { id } = await account();
      const { newConversations, newMessages } = await connection.use(async (engine) => {
        // Only now: a database that cannot be opened must not cost what is stored.
        await store.derived(id).clear();
        return updates.update(engine, {
          scan: 'all',
          messagesOf: ['allowed'],
          // The write of its end says it if the store takes nothing.
          onProgress: ({ done, total }) =>
            void store.owned.rebuild
              .put({ state: 'running', startedAt, done, total })
              .catch(() => undefined),
        });
      });
      ended = {
        state: 'complete',
        endedAt: now(),
        conversations: newConversations,
        messages: newMessages,
      };
    } catch (error) {
      await this.#distrust();
      ended = { state: 'failed', endedAt: now(), error: toErrorRecord(error) };
    }
    await store.owned.rebuild.put(ended);
    sleep();
  }

  /** The next run compares everything and syncs conversations one by one. */
  async #distrust(): Promise<void> {
    const { owned } = this.#options.store;
    await owned.schedule.change((schedule) => withReconcileDue(schedule, { thorough: true }));
  }
}
