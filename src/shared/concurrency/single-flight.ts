/** Work that is never under way twice: whoever asks for it meanwhile shares what is under way. */
export class SingleFlight<Output = void> {
  #flight: Promise<Output> | null = null;

  /** Starts the work, or joins it. The work is begun before this returns. */
  run(work: () => Promise<Output>): Promise<Output> {
    this.#flight ??= work().finally(() => {
      this.#flight = null;
    });
    return this.#flight;
  }

  get isUnderWay(): boolean {
    return this.#flight !== null;
  }

  /** Settles when nothing is under way any more, also what starts meanwhile. Never rejects. */
  async settled(): Promise<void> {
    while (this.#flight !== null) await this.#flight.catch(() => undefined);
  }
}
