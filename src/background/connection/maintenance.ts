/** Work on libxmtp's files themselves, in an engine that has no database open. */
import { callInTime } from './deadlines.ts';
import type { Engine } from './engine.ts';
import type { EngineHost } from './engine-host.ts';
import { endGently, linkEngine } from './engine-link.ts';

/** Lends an engine of its own, and ends it afterwards. Nobody else may have one meanwhile. */
export async function maintain<Output>(
  host: EngineHost,
  keepAwake: () => () => void,
  work: (engine: Engine) => Promise<Output>,
): Promise<Output> {
  const sleep = keepAwake();
  try {
    let link = await linkEngine(host);
    // One that the previous process left behind may have a database open.
    if (!link.fresh) {
      await endGently(host, link);
      link = await linkEngine(host);
    }
    try {
      return await work({ call: (name, input) => callInTime(link, name, input) });
    } finally {
      await endGently(host, link);
    }
  } finally {
    sleep();
  }
}
