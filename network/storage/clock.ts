/**
 * The time that the node stamps on what it stores, which is also what clients take as a message's sent
 * time. It may be set, so that a population can have written for months.
 */
export class NetworkClock {
  /** Milliseconds between the computer's clock and this one. */
  #ahead = 0;
  #lastNs = 0n;

  /** Goes on from this time, in milliseconds since 1970; null for the computer's own. */
  set(milliseconds: number | null): void {
    this.#ahead = milliseconds === null ? 0 : milliseconds - Date.now();
    this.#lastNs = 0n;
  }

  get milliseconds(): number {
    return Date.now() + this.#ahead;
  }

  /** In nanoseconds; never the same twice, and ascending until the clock is set. */
  nowNs(): bigint {
    const now = BigInt(this.milliseconds) * 1_000_000n;
    this.#lastNs = now > this.#lastNs ? now : this.#lastNs + 1n;
    return this.#lastNs;
  }
}
