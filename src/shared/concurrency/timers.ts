/** Time for what waits, so that tests can set it. Milliseconds. */
export interface Timers {
  /** Runs `callback` once after `wait`. Returns how to prevent that. */
  after(wait: number, callback: () => void): () => void;
}

export const systemTimers: Timers = {
  after(wait, callback) {
    const timer = setTimeout(callback, wait);
    return () => clearTimeout(timer);
  },
};
