/**
 * Writes how far a run is. Each write wakes every open page, so numbers are written at most so often,
 * and a step that is over at once is nobody's news. The run itself never waits for it. What was noted
 * last is written, unless the run's end overtakes it.
 */

/** Milliseconds between two writes of numbers; nobody notices so little. */
const numbersEvery = 200;
/**
 * A step that lasts shorter than this is not written: nobody sees it, and the write, the message to open
 * pages and what they read for it would take their time from the step itself.
 */
const stepsAfter = 50;

export class ProgressWriter {
  readonly #write: () => Promise<void>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param write writes how far the run is by then. A failure is left to the write of its end. */
  constructor(write: () => Promise<void>) {
    this.#write = write;
  }

  step(): void {
    clearTimeout(this.#timer);
    this.#writeAfter(stepsAfter);
  }

  numbers(): void {
    if (this.#timer === undefined) this.#writeAfter(numbersEvery);
  }

  /** Settles when nothing is being written, and nothing will be that was noted before. */
  async end(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
  }

  #writeAfter(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#write().catch(() => undefined);
    }, milliseconds);
  }
}
