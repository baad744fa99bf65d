/**
 * Who is using the connection. A lease lasts as long as its work; a holder keeps one for as long as it may
 * and is asked to end (`released` aborts) when the connection is to be closed.
 */
export class Leases {
  readonly #onIdle: () => void;
  readonly #holders = new Set<AbortController>();
  readonly #waiting: (() => void)[] = [];
  #count = 0;

  /** @param onIdle hears of the end of the last lease. */
  constructor(onIdle: () => void) {
    this.#onIdle = onIdle;
  }

  get isIdle(): boolean {
    return this.#count === 0;
  }

  async during<Output>(work: () => Promise<Output>): Promise<Output> {
    this.#count++;
    try {
      return await work();
    } finally {
      this.#count--;
      if (this.#count === 0) {
        this.#onIdle();
        for (const proceed of this.#waiting.splice(0)) proceed();
      }
    }
  }

  /** For work within a lease that lasts until it is asked to end. */
  async holding(work: (released: AbortSignal) => Promise<void>): Promise<void> {
    const holder = new AbortController();
    this.#holders.add(holder);
    try {
      await work(holder.signal);
    } finally {
      this.#holders.delete(holder);
    }
  }

  releaseHolders(): void {
    for (const holder of this.#holders) holder.abort();
  }

  /** Settles at the end of the last lease. */
  idle(): Promise<void> {
    return this.isIdle
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.#waiting.push(resolve);
        });
  }
}
