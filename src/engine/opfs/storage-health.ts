/**
 * Whether libxmtp's files can still be used, shared by all of them. After a raw failure on any file nothing is
 * read from or written to any of them, so that SQLite cannot touch the journal, which is the only way back to an
 * intact database.
 */
export class StorageHealth {
  readonly #onFailure: (detail: string) => void;
  #failure: Error | null = null;

  /** @param onFailure called once, from within SQLite. Must not throw. */
  constructor(onFailure: (detail: string) => void) {
    this.#onFailure = onFailure;
  }

  /** Throws the earlier failure, if there was one. */
  check(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** Runs a raw operation. Whatever it throws is a failure for all files. */
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
