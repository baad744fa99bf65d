/**
 * Whether libxmtp's files can still be trusted. One for all of them: after a raw failure on any file
 * nothing is read or written through any of them, so that SQLite cannot touch the journal, which is
 * the only way back to a whole database.
 */
export class StorageHealth {
  readonly #onFailure: (detail: string) => void;
  #failure: Error | null = null;

  /** @param onFailure is told once. Called from within SQLite, so it must not throw. */
  constructor(onFailure: (detail: string) => void) {
    this.#onFailure = onFailure;
  }

  /** Throws what went wrong before, if anything did. */
  check(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** Runs a raw operation. Whatever it throws is the end. */
  guard<Output>(operation: () => Output): Output {
    this.check();
    try {
      return operation();
    } catch (error) {
      return this.fail(error);
    }
  }

  fail(thrown: unknown): never {
    if (this.#failure === null) {
      this.#failure = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.#onFailure(String(thrown));
    }
    throw this.#failure;
  }
}
