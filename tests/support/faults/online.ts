/** Another installation that is online: its app is open. */

export interface Online {
  /** Stops, once what is under way is done. */
  stop(): Promise<void>;
}

/** Milliseconds between two rounds of an app; nobody waits for them. */
const pause = 400;

/** Does an app's round again and again. One that fails is tried again by the next, as apps do. */
export function online(round: () => Promise<unknown>): Online {
  let stopped = false;
  const loop = (async () => {
    while (!stopped) {
      await round().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await loop;
    },
  };
}
