/**
 * Databases of a process that may die after any commit. From then on nothing that it asks of them is ever
 * answered, as nothing of a dead process goes on. The data stay, for the next process.
 */

export interface Process {
  readonly isDead: boolean;
  /** Hears of every commit, right after it. */
  committed(stores: readonly string[]): void;
}

/** Never answers, whatever is asked of it, to any depth. */
const silence: unknown = new Proxy(() => undefined, {
  get: (_target, key) => (key === 'then' ? () => undefined : silence),
  apply: () => silence,
});

const writing = new Set(['put', 'add', 'delete', 'clear']);

type Method = (...args: unknown[]) => unknown;

/** @param database an opened one, of `idb`. */
export function mortal<Database extends object>(database: Database, process: Process): Database {
  return new Proxy(database, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return process.isDead ? silence : value;
      return (...args: unknown[]) => {
        if (key === 'close') return (value as Method).apply(target, args);
        if (process.isDead) return silence;
        const result = (value as Method).apply(target, args);
        if (key === 'transaction' && args[1] === 'readwrite') {
          void (result as { done: Promise<unknown> }).done.then(
            () => process.committed([args[0]].flat() as string[]),
            () => undefined,
          );
        } else if (typeof key === 'string' && writing.has(key)) {
          void (result as Promise<unknown>).then(
            () => process.committed([args[0] as string]),
            () => undefined,
          );
        }
        return result;
      };
    },
  });
}
