/** Where the engine's worker lives. Each browser has its own way (platform/). */

export interface EngineHost {
  /**
   * A port to the worker, which is started if there is none. `fresh` is false for a worker that an
   * earlier life of the background left running.
   */
  connect(): Promise<{ readonly port: MessagePort; readonly fresh: boolean }>;
  /** Settles when the worker that `connect` reached is gone, however it ended. */
  gone(signal: AbortSignal): Promise<void>;
  /** Frees what hosted a worker that ended by itself. */
  release(): Promise<void>;
  /** Ends the worker from outside, in whatever it is doing. The last resort (docs/libxmtp.md#hot-journal). */
  terminate(): Promise<void>;
}
