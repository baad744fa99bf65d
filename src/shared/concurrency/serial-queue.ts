/**
 * One piece of work at a time, in the order of arrival. A piece that fails rejects its own caller and does
 * not hold up the next.
 */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();

  /** Settles as the work does. */
  add<Output>(work: () => Promise<Output>): Promise<Output> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /** Settles when everything that was added before has settled. Never rejects. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  /** For `PausableQueue`: what is added from now on waits for `tail` instead of what is queued. */
  protected exchangeTail(tail: Promise<unknown>): Promise<unknown> {
    const replaced = this.#tail;
    this.#tail = tail;
    return replaced;
  }
}
