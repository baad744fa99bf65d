/**
 * The connection to libxmtp's database. Guarantees: one engine at a time; whoever needs it waits until
 * it is open; it closes by itself when nobody has needed it for a while; what it is doing is in the
 * store. A dead or silent engine fails the work under way and is replaced by the next one.
 */
import type {
  EngineEvent,
  EngineOperation,
  EngineOperations,
  OpenInput,
  OpenOutput,
} from '../../shared/engine-protocol.ts';
import {
  fromErrorRecord,
  LockstepError,
  storageError,
  toErrorRecord,
} from '../../shared/errors.ts';
import type { ProbeBaseline } from '../../shared/probe-baseline.ts';
import type { ConnectionRecords } from './connection-records.ts';
import { callInTime } from './deadlines.ts';
import type { EngineHost } from './engine-host.ts';
import { endGently, linkEngine, type EngineLink } from './engine-link.ts';
import { maintain } from './maintenance.ts';

export interface Engine {
  call<Op extends EngineOperation>(
    name: Op,
    input: EngineOperations[Op]['input'],
  ): Promise<EngineOperations[Op]['output']>;
}

export interface DatabaseConnectionOptions {
  readonly host: EngineHost;
  readonly record: ConnectionRecords;
  /** What to open: the account's database. Throws no_account. */
  readonly openInput: () => Promise<OpenInput>;
  /** Milliseconds without work until the connection closes by itself. */
  readonly idleTime: () => Promise<number>;
  /** A fresh engine found that its predecessor did not close: what it did is not in the store. */
  readonly onUncleanStart: () => Promise<void>;
  readonly keepAwake: () => () => void;
  readonly now: () => number;
}

/** Milliseconds in which an engine whose storage failed ends itself; its calls are synchronous. */
const selfEndDeadline = 3000;

interface OpenConnection {
  readonly link: EngineLink;
  readonly opened: OpenOutput;
}

export class DatabaseConnection {
  readonly #options: DatabaseConnectionOptions;
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  readonly #holders = new Set<AbortController>();
  #live: Promise<OpenConnection> | null = null;
  /** The newest engine, until it was ended: who fails on an older one has no say in this one's life. */
  #link: EngineLink | null = null;
  readonly #waitingForIdle: (() => void)[] = [];
  #users = 0;
  #dropRequested = false;
  #closing: Promise<void> | null = null;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #sleep: (() => void) | null = null;

  constructor(options: DatabaseConnectionOptions) {
    this.#options = options;
  }

  /**
   * Opens if need be and lends the engine. Work that starts reconnects a dropped database. A drop that
   * waits for work under way waits for what is begun meanwhile as well, and is not forgotten.
   */
  async use<Output>(
    work: (engine: Engine, opened: OpenOutput) => Promise<Output>,
  ): Promise<Output> {
    clearTimeout(this.#idleTimer);
    if (this.#users === 0) this.#dropRequested = false;
    this.#users++;
    try {
      const live = await this.#open();
      return await work({ call: (name, input) => this.#call(live, name, input) }, live.opened);
    } finally {
      this.#users--;
      if (this.#users === 0) {
        this.#becomeIdle();
        for (const proceed of this.#waitingForIdle.splice(0)) proceed();
      }
    }
  }

  /**
   * Lends the engine for as long as it can be had: `released` aborts when the connection is to be
   * closed, and then the work has to end soon.
   */
  async hold(work: (engine: Engine, released: AbortSignal) => Promise<void>): Promise<void> {
    const holder = new AbortController();
    await this.use(async (engine) => {
      if (this.#dropRequested) holder.abort();
      this.#holders.add(holder);
      try {
        await work(engine, holder.signal);
      } finally {
        this.#holders.delete(holder);
      }
    });
  }

  /** Hears what the engine says by itself. Returns how to stop. */
  listen(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Closes as soon as the work under way is done, and says so in the store. */
  async drop(): Promise<void> {
    this.#dropRequested = true;
    this.#releaseHolders();
    // It may be closing for another reason, and would be called resting.
    await this.#closing;
    if (this.#users === 0) await this.#close('released');
  }

  /** Dropped by hand, or about to be: what merely follows up on a run leaves it so. */
  get isDropped(): boolean {
    return this.#dropRequested;
  }

  /** Nobody has the database open, or is about to open or close it. */
  get isAtRest(): boolean {
    return this.#live === null && this.#users === 0 && this.#closing === null;
  }

  reconnect(): Promise<void> {
    this.#dropRequested = false;
    return this.use(async () => undefined);
  }

  /** After a start of the background: takes up an engine that it left open, or says that it is gone. */
  async adopt(): Promise<void> {
    const record = await this.#options.record.read();
    if (record?.state !== 'open' && record?.state !== 'opening') return;
    await this.use(async () => undefined);
  }

  /** Ends the connection now if nothing uses it: before a suspension, or with its account. */
  async rest(): Promise<void> {
    this.#releaseHolders();
    if (this.#users === 0) await this.#close('resting');
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
    if (!lendsOpen) this.#releaseHolders();
    for (;;) {
      if (lendsOpen && (this.#users > 0 || this.#live !== null)) return this.use(work);
      if (this.#users > 0) {
        await new Promise<void>((resolve) => this.#waitingForIdle.push(resolve));
      } else if (this.#closing !== null) await this.#closing;
      else if (this.#live !== null) await this.#close('resting');
      else break;
    }
    const { host, record, keepAwake } = this.#options;
    const maintenance = record.forgetBaseline().then(() => maintain(host, keepAwake, work));
    const nothing = () => undefined;
    this.#closing = maintenance.then(nothing, nothing).finally(() => {
      this.#closing = null;
    });
    return maintenance;
  }

  /** Ends the engine in whatever it is doing: for an account that goes away. */
  async abandon(): Promise<void> {
    const live = await this.#live?.catch(() => null);
    if (live != null) this.#forget(live.link, new LockstepError('interrupted'));
    await this.#options.host.terminate();
  }

  #releaseHolders(): void {
    for (const holder of this.#holders) holder.abort();
  }

  #open(): Promise<OpenConnection> {
    if (this.#live === null) {
      const opening = this.#openAnew();
      this.#live = opening;
      opening.catch(() => {
        if (this.#live === opening) this.#live = null;
      });
    }
    return this.#live;
  }

  async #openAnew(): Promise<OpenConnection> {
    await this.#closing;
    const { record, now } = this.#options;
    this.#sleep ??= this.#options.keepAwake();
    // The engine starts meanwhile; it touches nothing before it is told to open, which is further down.
    const linking = this.#linkAnew();
    linking.catch(() => undefined); // awaited below
    try {
      const before = await record.read();
      const opening = record.write({ state: 'opening', since: now() });
      const [link, input] = await Promise.all([linking, this.#options.openInput(), opening]);
      if (link.fresh && (before?.state === 'open' || before?.state === 'opening')) {
        await this.#options.onUncleanStart();
      }
      const live: OpenConnection = { link, opened: await callInTime(link, 'open', input) };
      // Nothing waits for it: to a later life of the background, 'opening' means the same.
      record.write({ state: 'open', since: now() }).catch(() => undefined);
      return live;
    } catch (error) {
      const reason = toErrorRecord(error);
      await linking.then(
        ({ end }) => end(fromErrorRecord(reason)),
        () => undefined,
      );
      await this.#endFailedOpening();
      await record.write({ state: 'failed', since: now(), error: reason });
      throw error;
    }
  }

  #linkAnew(): Promise<EngineLink> {
    const linking = linkEngine(
      this.#options.host,
      (event) => {
        if (event.type === 'storage-failed') {
          void linking.then((link) => this.#giveUpStorage(link, event.detail));
        }
        for (const listener of [...this.#listeners]) listener(event);
      },
      (error) => void linking.then((link) => this.#forget(link, error)),
    );
    return linking.then((link) => (this.#link = link));
  }

  /** libxmtp remembers a failed opening for its worker's life, so the next try needs another one. */
  async #endFailedOpening(): Promise<void> {
    await this.#options.host.terminate().catch(() => undefined);
    this.#letSleep();
  }

  /**
   * A raw write failed. The engine writes nothing more and ends itself; one that cannot is ended. The
   * next opening waits for that and recovers the database.
   */
  #giveUpStorage(link: EngineLink, detail: string): void {
    this.#forget(link, storageError(detail));
    this.#closing ??= this.#awaitEnd().finally(() => {
      this.#closing = null;
    });
  }

  async #awaitEnd(): Promise<void> {
    const { host, onUncleanStart } = this.#options;
    await host.gone(AbortSignal.timeout(selfEndDeadline)).catch(() => host.terminate());
    await onUncleanStart();
  }

  #forget(link: EngineLink, reason: LockstepError): void {
    link.end(reason);
    void this.#live?.then(
      (current) => {
        if (current.link !== link) return;
        this.#live = null;
        this.#letSleep();
      },
      () => undefined,
    );
  }

  async #call<Op extends EngineOperation>(
    live: OpenConnection,
    name: Op,
    input: EngineOperations[Op]['input'],
  ): Promise<EngineOperations[Op]['output']> {
    try {
      return await callInTime(live.link, name, input);
    } catch (error) {
      const code = error instanceof LockstepError ? error.code : null;
      if (code === 'engine_timeout' || code === 'engine_crashed') await this.#replace(live, error);
      throw error;
    }
  }

  /** Ends a worker that is stuck or broken; its database is recovered by the next opening. */
  async #replace({ link }: OpenConnection, error: unknown): Promise<void> {
    if (this.#link !== link) return;
    const { host, record, now } = this.#options;
    this.#live = null;
    this.#link = null;
    this.#forget(link, new LockstepError('engine_crashed', { detail: String(error) }));
    await host.terminate().catch(() => undefined);
    await this.#options.onUncleanStart();
    await record.write({ state: 'failed', since: now(), error: toErrorRecord(error) });
    this.#letSleep();
  }

  #becomeIdle(): void {
    if (this.#dropRequested) {
      void this.drop();
      return;
    }
    void this.#options.idleTime().then((milliseconds) => {
      clearTimeout(this.#idleTimer);
      this.#idleTimer = setTimeout(() => {
        if (this.#users === 0) void this.#close('resting');
      }, milliseconds);
    });
  }

  async #close(state: 'resting' | 'released'): Promise<void> {
    clearTimeout(this.#idleTimer);
    this.#closing ??= this.#closeNow(state).finally(() => {
      this.#closing = null;
    });
    await this.#closing;
  }

  async #closeNow(state: 'resting' | 'released'): Promise<void> {
    const { host, record, now } = this.#options;
    const live = await this.#live?.catch(() => null);
    let baseline: ProbeBaseline | null | 'as before' = 'as before';
    if (live != null) {
      this.#live = null;
      baseline = await endGently(host, live.link);
    } else if (state === 'resting') {
      return; // nothing is open, and what the record says of it stays true
    }
    await record.write({ state, since: now() }, baseline);
    this.#letSleep();
  }

  #letSleep(): void {
    this.#sleep?.();
    this.#sleep = null;
  }
}
