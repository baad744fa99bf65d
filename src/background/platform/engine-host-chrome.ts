/**
 * Chrome: the worker lives in an offscreen document, which survives the service worker. The port goes
 * through that document straight to the worker; nothing stands in between afterwards.
 */
import type { EngineConnect } from '../../shared/engine-protocol.ts';
import { LockstepError } from '../../shared/errors.ts';
import type { EngineHost } from '../connection/engine-host.ts';
import { aliveLock, engineGone, isEngineAlive } from './engine-lock.ts';

/** The part of a service worker's scope that this file uses; TypeScript's own clashes with the DOM's. */
interface WindowClient {
  readonly url: string;
  postMessage(message: unknown, transfer: Transferable[]): void;
}
declare const self: {
  readonly clients: {
    matchAll(options: {
      readonly includeUncontrolled: boolean;
      readonly type: 'all';
    }): Promise<readonly WindowClient[]>;
  };
};

const path = 'offscreen/index.html';

export function createChromeEngineHost(): EngineHost {
  async function findDocument(): Promise<WindowClient | undefined> {
    const url = chrome.runtime.getURL(path);
    const clients = await self.clients.matchAll({ includeUncontrolled: true, type: 'all' });
    return clients.find((client) => client.url === url);
  }

  async function closeDocument(): Promise<void> {
    if (await chrome.offscreen.hasDocument()) await chrome.offscreen.closeDocument();
  }

  async function createDocument(): Promise<void> {
    await chrome.offscreen.createDocument({
      url: path,
      reasons: [chrome.offscreen.Reason.WORKERS],
      justification: 'Runs the XMTP engine, which needs a worker with file access.',
    });
  }

  return {
    async connect() {
      const [alive, exists] = await Promise.all([isEngineAlive(), chrome.offscreen.hasDocument()]);
      // A document whose worker is gone cannot start another one.
      if (exists && !alive) await chrome.offscreen.closeDocument();
      const fresh = !(exists && alive);
      if (fresh) await createDocument();
      const document = await findDocument();
      if (document === undefined) {
        throw new LockstepError('engine_crashed', { detail: 'no offscreen document' });
      }
      const { port1, port2 } = new MessageChannel();
      const message: EngineConnect = { lockstep: 'engine-connect', aliveLock };
      document.postMessage(message, [port2]);
      return { port: port1, fresh };
    },
    gone: engineGone,
    release: closeDocument,
    terminate: closeDocument,
  };
}
