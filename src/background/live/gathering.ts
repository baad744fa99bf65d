/**
 * Work that is asked for in bursts: once soon after the first call, and once more if there were calls
 * while it was at work. Never twice at once.
 */

/** Milliseconds in which what arrives together is taken together; nobody notices so little. */
const pause = 40;

export class Gathering {
  readonly #work: () => Promise<void>;
  #state: 'idle' | 'waiting' | 'working' | 'working-again' = 'idle';

  /** @param work whatever it throws is left to the next time: nothing that it is for is lost. */
  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  add(): void {
    if (this.#state === 'working') this.#state = 'working-again';
    if (this.#state !== 'idle') return;
    this.#state = 'waiting';
    setTimeout(() => void this.#run(), pause);
  }

  async #run(): Promise<void> {
    this.#state = 'working';
    await this.#work().catch(() => undefined);
    const again = this.#isAskedAgain();
    this.#state = 'idle';
    if (again) this.add();
  }

  #isAskedAgain(): boolean {
    return this.#state === 'working-again';
  }
}
