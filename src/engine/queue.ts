/**
 * One operation at a time, in the order of arrival. A failed one does not hold up the next. The
 * operation under way may pause: until it is resumed, those that wait run in its place.
 */
export class SerialQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #resume: (() => void) | null = null;

  add<Output>(work: () => Promise<Output>): Promise<Output> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /**
   * For the operation under way: lets others run, and settles when `resume` is called or `patience`
   * milliseconds have passed; those that have begun by then are waited for.
   */
  async pause(patience: number): Promise<void> {
    const waiting = this.#tail;
    this.#tail = Promise.resolve();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patience);
      this.#resume = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#resume = null;
    await this.#tail;
    this.#tail = waiting;
  }

  resume(): void {
    this.#resume?.();
  }
}
