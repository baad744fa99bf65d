/** What the network served: calls by method and bytes, so that a test can say what a sync cost. */
export interface MethodCounters {
  readonly calls: number;
  /** Answered with an error, or not at all. */
  readonly failed: number;
  /** Of requests and answers, without headers. */
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

export type Counters = Readonly<Record<string, MethodCounters>>;

type Counting = { -readonly [Field in keyof MethodCounters]: number };

/** Names that nobody serves share a counter, so that guesses cannot fill the memory. */
const unknown = '(unknown)';

export class CallCounters {
  readonly #known: ReadonlySet<string>;
  readonly #byMethod = new Map<string, Counting>();

  /** @param methods what is served. */
  constructor(methods: Iterable<string>) {
    this.#known = new Set(methods);
  }

  /** The counters of a method, to add to. */
  of(method: string): Counting {
    const name = this.#known.has(method) ? method : unknown;
    let counting = this.#byMethod.get(name);
    if (counting === undefined) {
      counting = { calls: 0, failed: 0, bytesReceived: 0, bytesSent: 0 };
      this.#byMethod.set(name, counting);
    }
    return counting;
  }

  read(): Counters {
    const copies = [...this.#byMethod].map(([name, counting]) => [name, { ...counting }] as const);
    return Object.fromEntries(copies);
  }

  reset(): void {
    this.#byMethod.clear();
  }
}
