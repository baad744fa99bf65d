/**
 * Live mode: keeps the engine open with libxmtp's streams, and the store current with what they bring.
 * Guarantees: streams are hints and a sync follows each reconnect, so a gap is closed; a connection
 * that is dropped by hand stays dropped until something needs it; the background stays awake while
 * live mode is on. Periodic syncs go on beside it: a stream that has gone silent does not say so.
 */
import { backOff, type BackOff } from '../../shared/concurrency/back-off.ts';
import { Coalesced } from '../../shared/concurrency/coalesced.ts';
import { sleep } from '../../shared/concurrency/sleep.ts';
import { LockstepError, toErrorRecord, type ErrorRecord } from '../../shared/errors.ts';
import type { LiveStatus } from '../../shared/live-status.ts';
import type { Run } from '../../shared/run.ts';
import type { OwnedStore } from '../../store/owned/store.ts';
import type { DatabaseConnection } from '../connection/database-connection.ts';
import type { Engine } from '../connection/engine.ts';
import type { StoredChanges } from '../sync/store-changes.ts';
import type { StoreUpdates } from '../sync/store-updates.ts';

export interface LiveModeOptions {
  readonly owned: OwnedStore;
  readonly connection: DatabaseConnection;
  readonly updates: StoreUpdates;
  /** A sync of everything, after the streams were opened. */
  readonly catchUp: () => Promise<unknown>;
  /** Something came in: its conversations are allowed, or their messages are to be fetched. */
  readonly onStored: (stored: StoredChanges) => Promise<void>;
  readonly keepAwake: () => () => void;
  readonly now: () => number;
  readonly random: () => number;
}

/** Milliseconds in which what arrives together is stored together; nobody notices so little. */
const debounce = 40;
const reconnecting: BackOff = { first: 1_000, longest: 5 * 60_000 };
/** Streams that were open for so long had nothing to do with the failures before them. */
const steadyAfter = 60_000;

type End = 'off' | 'released' | 'lost';

export class LiveMode {
  readonly #options: LiveModeOptions;
  /** What streams bring in bursts is stored together; what fails is left to the next run. */
  readonly #storing = new Coalesced(() => this.#store().catch(() => undefined), {
    delay: debounce,
  });
  #running: Promise<void> | null = null;
  #stop = new AbortController();
  #restart: (() => void) | null = null;
  #restartAsked = false;
  #pause = new AbortController();
  #engine: Engine | null = null;

  constructor(options: LiveModeOptions) {
    this.#options = options;
  }

  /** Follows the settings: after a start, after a change, after an inbox was set up. */
  async apply(): Promise<void> {
    const { owned } = this.#options;
    const [{ mode }, account] = await Promise.all([owned.settings.read(), owned.account.read()]);
    if (mode === 'live' && account?.phase === 'ready') this.#begin();
    else await this.end();
  }

  /** Ends live mode until it is applied again. */
  async end(): Promise<void> {
    this.#stop.abort();
    this.#pause.abort();
    await this.#running;
  }

  /** Opens the streams anew: they do not pick up what was allowed since they were opened. */
  restart(): void {
    this.#restart?.();
  }

  /** Somebody reconnected the database: no reason to wait any longer. */
  resume(): void {
    this.#pause.abort();
  }

  /** A run ended: where it found what a stream should have brought, the stream is not to be trusted. */
  runEnded(run: Run): void {
    const isPoll = run.trigger === 'alarm' && run.state === 'complete';
    if (isPoll && run.summary.newMessages > 0) this.restart();
    // The network answers, and the connection is open.
    if (run.state === 'complete' && !this.#options.connection.isDropped) this.resume();
  }

  #begin(): void {
    if (this.#running !== null && !this.#stop.signal.aborted) return;
    const before = this.#running ?? Promise.resolve();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const running = before.then(() => this.#run(signal));
    this.#running = running;
    void running.finally(() => {
      if (this.#running === running) this.#running = null;
    });
  }

  async #run(stop: AbortSignal): Promise<void> {
    const { keepAwake, now, random } = this.#options;
    const letSleep = keepAwake();
    let failures = 0;
    try {
      while (!stop.aborted) {
        const openedAt = now();
        let error: ErrorRecord | null = null;
        let end: End = 'lost';
        try {
          end = await this.#stream(stop);
        } catch (thrown) {
          error = toErrorRecord(thrown);
        }
        if (end === 'off') break;
        failures = now() - openedAt > steadyAfter ? 0 : failures + 1;
        await this.#note({ state: 'waiting', since: now(), error });
        // Dropped by hand: until something needs the connection again.
        this.#pause = new AbortController();
        if (stop.aborted) break;
        await sleep(
          end === 'released' ? null : backOff(reconnecting, failures, random()),
          this.#pause.signal,
        );
      }
    } finally {
      await this.#note({ state: 'off', since: now() });
      letSleep();
    }
  }

  /** Holds the streams open. Settles with why they ended; rejects where they could not be opened. */
  async #stream(stop: AbortSignal): Promise<End> {
    const { connection, catchUp, now } = this.#options;
    let end: End = 'lost';
    await this.#note({ state: 'connecting', since: now() });
    await connection.hold(async (engine, released) => {
      const stopListening = connection.listen(({ type }) => {
        if (type === 'touched') void this.#storing.request();
      });
      this.#engine = engine;
      try {
        do {
          end = await this.#open(engine, stop, released, async () => {
            await this.#note({ state: 'on', since: now() });
            await catchUp();
          });
        } while (end === 'lost' && this.#takeRestart());
      } finally {
        // What came last is stored before the engine may close and forget that it came; if that fails,
        // the next run compares everything.
        await this.#store().catch(() => undefined);
        this.#engine = null;
        stopListening();
      }
    });
    return end;
  }

  #takeRestart(): boolean {
    const asked = this.#restartAsked;
    this.#restartAsked = false;
    return asked;
  }

  async #open(
    engine: Engine,
    stop: AbortSignal,
    released: AbortSignal,
    onOpen: () => Promise<void>,
  ): Promise<End> {
    await engine.call('startStreams', {});
    const ended = engine.call('streamsEnded', {});
    const told = new Promise<End>((resolve) => {
      onAbort(stop, () => resolve('off'));
      onAbort(released, () => resolve('released'));
      this.#restart = () => {
        this.#restartAsked = true;
        resolve('lost');
      };
    });
    try {
      await onOpen();
      const end = await Promise.race([told, ended]);
      if (typeof end === 'string') {
        await engine.call('stopStreams', {});
        return end;
      }
      if (end.reason === 'lost') throw new LockstepError('network_unreachable', end);
      return 'lost';
    } finally {
      this.#restart = null;
      ended.catch(() => undefined); // the engine's end has been noticed
    }
  }

  /** Brings what the streams announced into the store. */
  async #store(): Promise<void> {
    const engine = this.#engine;
    if (engine === null) return;
    const { updates, onStored } = this.#options;
    const stored = await updates.update(engine, { scan: 'touched', messagesOf: ['allowed'] });
    await onStored(stored);
    if (stored.newlyAllowed.length > 0) this.restart();
  }

  #note(live: LiveStatus): Promise<void> {
    return this.#options.owned.live.put(live);
  }
}

function onAbort(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
}
