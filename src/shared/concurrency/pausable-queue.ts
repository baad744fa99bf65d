import { SerialQueue } from './serial-queue.ts';
import { sleep } from './sleep.ts';
import { systemTimers, type Timers } from './timers.ts';

/** A serial queue whose work under way may pause: until it resumes, what waits runs in its place. */
export class PausableQueue extends SerialQueue {
  readonly #timers: Timers;
  #resume = new AbortController();

  constructor(timers: Timers = systemTimers) {
    super();
    this.#timers = timers;
  }

  /**
   * For the work under way: lets others run, and settles when `resume` is called or after `patience`
   * milliseconds; what has begun by then is waited for.
   */
  async pause(patience: number): Promise<void> {
    const waiting = this.exchangeTail(Promise.resolve());
    this.#resume = new AbortController();
    await sleep(patience, this.#resume.signal, this.#timers);
    await this.exchangeTail(waiting);
  }

  resume(): void {
    this.#resume.abort();
  }
}
