import { sleep } from './sleep.ts';
import { systemTimers, type Timers } from './timers.ts';

export interface CoalescedOptions {
  /** Milliseconds between the first request and its run, in which further requests join (debounce). */
  readonly delay?: number;
  readonly timers?: Timers;
}

/**
 * Work that serves every request made before it starts. Guarantees: it never runs twice at once; a request
 * that comes while it runs is served by one more run; requests cost nothing where one is waiting already.
 */
export class Coalesced {
  readonly #work: () => Promise<void>;
  readonly #options: CoalescedOptions;
  #requested = false;
  #running: Promise<void> | null = null;

  constructor(work: () => Promise<void>, options: CoalescedOptions = {}) {
    this.#work = work;
    this.#options = options;
  }

  /**
   * Settles when the work has served this request, together with whatever was requested meanwhile. Rejects as
   * the work does; what was requested during a run that failed is not served, and has to be asked for again.
   */
  request(): Promise<void> {
    this.#requested = true;
    this.#running ??= this.#drain().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Settles when nothing is requested or running. Never rejects. */
  async settled(): Promise<void> {
    while (this.#running !== null) await this.#running.catch(() => undefined);
  }

  async #drain(): Promise<void> {
    const { delay, timers = systemTimers } = this.#options;
    while (this.#requested) {
      if (delay !== undefined) await sleep(delay, undefined, timers);
      this.#requested = false;
      await this.#work();
    }
  }
}
