/** Web Locks for Node: exclusive locks, first come, first served. A process that dies releases its own. */
type Holder = (lock: { readonly name: string }) => unknown;

export class WebLocks {
  readonly #queues = new Map<string, Promise<unknown>>();

  readonly request = (name: string, ...rest: readonly unknown[]): Promise<unknown> => {
    const holder = rest.at(-1) as Holder;
    const before = this.#queues.get(name) ?? Promise.resolve();
    const held = before.then(() => holder({ name }));
    this.#queues.set(
      name,
      held.catch(() => undefined),
    );
    return held;
  };

  /** As at the end of a process. */
  releaseAll(): void {
    this.#queues.clear();
  }
}

/** Puts them where the background looks for them. */
export function provideWebLocks(): WebLocks {
  const locks = new WebLocks();
  // Node has no navigator before version 21.
  const navigator = (globalThis as { navigator?: object }).navigator ?? {};
  Object.defineProperty(navigator, 'locks', { configurable: true, value: locks });
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: navigator });
  return locks;
}
