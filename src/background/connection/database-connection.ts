/**
 * The connection to libxmtp's database. Guarantees: one engine at a time; whoever needs it waits until
 * it is open; it closes by itself when nobody has needed it for a while; what it is doing is in the
 * store. A dead or silent engine fails the work under way and is replaced by the next one.
 */
import { systemTimers } from '../../shared/concurrency/timers.ts';
import type {
  EngineEvent,
  EngineOperation,
  EngineOperations,
} from '../../shared/engine-protocol.ts';
import { LockstepError, storageError, toErrorRecord } from '../../shared/errors.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { callInTime } from './deadlines.ts';
import { endGently, linkEngine, type EngineLink } from './engine-link.ts';
import type { Engine } from './engine.ts';
import { Leases } from './leases.ts';
import { maintain } from './maintenance.ts';
import { openDatabase, type OpenDatabase } from './open-database.ts';

/** Milliseconds in which an engine whose storage failed ends itself; its calls are synchronous. */
const selfEndDeadline = 3000;

type State =
  /** `lost`: the engine that ended without having been asked to, as long as nobody has dealt with it. */
  | { readonly kind: 'closed'; readonly lost: EngineLink | null }
  | { readonly kind: 'opening'; readonly opening: Promise<OpenDatabase> }
  | { readonly kind: 'open'; readonly database: OpenDatabase; readonly letSleep: () => void }
  /** Closing, ended by force, or lent for work on the files. Who opens next waits for its end. */
  | { readonly kind: 'closing'; readonly closed: Promise<void> };

const closed: State = { kind: 'closed', lost: null };

export class DatabaseConnection {
  readonly #options: ConnectionOptions;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #leases = new Leases(() => this.#becomeIdle());
  #state: State = closed;
  #isDropped = false;
  #stayOpen: () => void = () => undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /**
   * Opens if need be and lends the engine. Work that starts reconnects a dropped database. A drop that
   * waits for work under way waits for what is begun meanwhile as well, and is not forgotten.
   */
  use<Output>(
    work: (engine: Engine, opened: OpenDatabase['opened']) => Promise<Output>,
  ): Promise<Output> {
    this.#stayOpen();
    if (this.#leases.isIdle) this.#isDropped = false;
    return this.#leases.during(async () => {
      const database = await this.#open();
      return work({ call: (name, input) => this.#call(database, name, input) }, database.opened);
    });
  }

  /**
   * Lends the engine for as long as it can be had: `released` aborts when the connection is to be
   * closed, and then the work has to end soon.
   */
  hold(work: (engine: Engine, released: AbortSignal) => Promise<void>): Promise<void> {
    return this.use((engine) =>
      this.#leases.holding((released) => {
        if (this.#isDropped) this.#leases.releaseHolders();
        return work(engine, released);
      }),
    );
  }

  /** Hears what the engine says by itself. Returns how to stop. */
  listen(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Closes as soon as the work under way is done, and says so in the store. */
  async drop(): Promise<void> {
    this.#isDropped = true;
    this.#leases.releaseHolders();
    // It may be closing for another reason, and would be called resting.
    if (this.#state.kind === 'closing') await this.#state.closed;
    if (this.#leases.isIdle) await this.#close('released');
  }

  /** Dropped by hand, or about to be: what merely follows up on a run leaves it so. */
  get isDropped(): boolean {
    return this.#isDropped;
  }

  /** Nobody has the database open, or is about to open or close it. */
  get isAtRest(): boolean {
    return this.#state.kind === 'closed' && this.#leases.isIdle;
  }

  reconnect(): Promise<void> {
    this.#isDropped = false;
    return this.use(async () => undefined);
  }

  /** After a start of the background: adopts an engine that it left open, or says that it is gone. */
  async adopt(): Promise<void> {
    const record = await this.#options.record.read();
    if (record?.state !== 'open' && record?.state !== 'opening') return;
    await this.use(async () => undefined);
  }

  /** Ends the connection now if nothing uses it: before a suspension, or with its account. */
  async rest(): Promise<void> {
    this.#leases.releaseHolders();
    if (this.#leases.isIdle) await this.#close('resting');
  }

  /**
   * Drops the connection and lends an engine that has no database open, for work on the files
   * themselves. Waits for work under way; whoever needs the database meanwhile waits too.
   * @param lendsOpen work that an open database does not mind is no reason to close it.
   */
  async maintain<Output>(
    work: (engine: Engine) => Promise<Output>,
    { lendsOpen = false } = {},
  ): Promise<Output> {
    if (!lendsOpen) this.#leases.releaseHolders();
    while (this.#state.kind !== 'closed' || !this.#leases.isIdle) {
      if (this.#state.kind === 'closing') await this.#state.closed;
      else if (lendsOpen) return this.use(work);
      else if (!this.#leases.isIdle) await this.#leases.idle();
      else await this.#close('resting');
    }
    const { host, record, keepAwake } = this.#options;
    const maintenance = record.beforeMaintenance().then(() => maintain(host, keepAwake, work));
    void this.#closing(maintenance);
    return maintenance;
  }

  /** Ends the engine in whatever it is doing: for an account that goes away. */
  async abandon(): Promise<void> {
    if (this.#state.kind === 'opening') await this.#state.opening.catch(() => undefined);
    if (this.#state.kind === 'open') {
      this.#lose(this.#state.database.link, new LockstepError('interrupted'));
    }
    await this.#options.host.terminate();
  }

  #open(): Promise<OpenDatabase> {
    const state = this.#state;
    switch (state.kind) {
      case 'open':
        return Promise.resolve(state.database);
      case 'opening':
        return state.opening;
      case 'closing':
      case 'closed': {
        const opening = this.#openAfter(state.kind === 'closing' ? state.closed : null);
        this.#state = { kind: 'opening', opening };
        return opening;
      }
    }
  }

  async #openAfter(closing: Promise<void> | null): Promise<OpenDatabase> {
    await closing;
    const letSleep = this.#options.keepAwake();
    try {
      const database = await openDatabase(this.#options, () => this.#link());
      this.#state = { kind: 'open', database, letSleep };
      return database;
    } catch (error) {
      this.#state = closed;
      letSleep();
      throw error;
    }
  }

  #link(): Promise<EngineLink> {
    const linking = linkEngine(
      this.#options.host,
      (event) => {
        if (event.type === 'storage-failed') {
          void linking.then((link) => this.#storageFailed(link, storageError(event.detail)));
        }
        for (const listener of [...this.#listeners]) listener(event);
      },
      (error) => void linking.then((link) => this.#lose(link, error)),
    );
    return linking;
  }

  /** An engine ended. Only the one that is open now decides what becomes of the connection. */
  #lose(link: EngineLink, reason: LockstepError): void {
    link.end(reason);
    if (this.#state.kind === 'opening') {
      // It may be the one that is being opened, and then it is open for a moment.
      void this.#state.opening.then(
        () => this.#lose(link, reason),
        () => undefined,
      );
      return;
    }
    if (this.#state.kind !== 'open' || this.#state.database.link !== link) return;
    this.#state.letSleep();
    this.#state = { kind: 'closed', lost: link };
  }

  /**
   * A raw write failed. The engine writes nothing more and ends itself; one that cannot is ended. The
   * next opening waits for that and recovers the database.
   */
  #storageFailed(link: EngineLink, error: LockstepError): void {
    const { host, onUncleanStart } = this.#options;
    this.#lose(link, error);
    // It fails for this reason, and ends its worker.
    if (this.#state.kind === 'opening') void this.#state.opening.catch(onUncleanStart);
    if (this.#state.kind !== 'closed' || this.#state.lost !== link) return;
    void this.#closing(
      host
        .gone(AbortSignal.timeout(selfEndDeadline))
        .catch(() => host.terminate())
        .then(onUncleanStart),
    );
  }

  async #call<Op extends EngineOperation>(
    { link }: OpenDatabase,
    name: Op,
    input: EngineOperations[Op]['input'],
  ): Promise<EngineOperations[Op]['output']> {
    try {
      return await callInTime(link, name, input);
    } catch (error) {
      const code = error instanceof LockstepError ? error.code : null;
      if (code === 'engine_timeout' || code === 'engine_crashed') await this.#replace(link, error);
      throw error;
    }
  }

  /** Ends a worker that is stuck or broken; its database is recovered by the next opening. */
  async #replace(link: EngineLink, error: unknown): Promise<void> {
    this.#lose(link, new LockstepError('engine_crashed', { detail: String(error) }));
    if (this.#state.kind === 'closed' && this.#state.lost === link) {
      void this.#closing(this.#endByForce(error));
    }
    if (this.#state.kind === 'closing') await this.#state.closed;
  }

  async #endByForce(error: unknown): Promise<void> {
    const { host, record, onUncleanStart, now } = this.#options;
    await host.terminate().catch(() => undefined);
    await onUncleanStart();
    await record.write({ state: 'failed', since: now(), error: toErrorRecord(error) });
  }

  #becomeIdle(): void {
    if (this.#isDropped) {
      void this.drop();
      return;
    }
    void this.#options.idleTime().then((milliseconds) => {
      this.#stayOpen();
      this.#stayOpen = systemTimers.after(milliseconds, () => {
        if (this.#leases.isIdle) void this.#close('resting');
      });
    });
  }

  async #close(as: 'resting' | 'released'): Promise<void> {
    this.#stayOpen();
    const state = this.#state;
    if (state.kind === 'closing') return state.closed;
    // Nothing is open, and what the record says of it stays true.
    if (state.kind !== 'open' && as === 'resting') return;
    const closing = this.#closeNow(state.kind === 'open' ? state : null, as);
    await this.#closing(closing);
    await closing; // rejects where the record could not be written
  }

  async #closeNow(
    open: Extract<State, { readonly kind: 'open' }> | null,
    as: 'resting' | 'released',
  ): Promise<void> {
    const { host, record, now } = this.#options;
    try {
      const baseline = open === null ? 'as before' : await endGently(host, open.database.link);
      await record.write({ state: as, since: now() }, baseline);
    } finally {
      open?.letSleep();
    }
  }

  /** Until `work` has settled, however it does, the connection is closing; then it is closed. */
  #closing(work: Promise<unknown>): Promise<void> {
    const isOver = work.then(
      () => undefined,
      () => undefined,
    );
    const state: State = {
      kind: 'closing',
      closed: isOver.then(() => {
        if (this.#state === state) this.#state = closed;
      }),
    };
    this.#state = state;
    return state.closed;
  }
}
