/**
 * Firefox: the event page starts the worker itself. When the page is suspended the worker dies with it,
 * so a new page never meets an old worker.
 */
import type { EngineConnect, EngineWorkerName } from '../../shared/engine-protocol.ts';
import type { EngineHost } from '../connection/engine-host.ts';
import { browser } from './browser.ts';
import { aliveLock, engineGone } from './engine-lock.ts';

export function createFirefoxEngineHost(): EngineHost {
  let worker: Worker | null = null;
  return {
    async connect() {
      // Whoever connects anew has given the one before up; alive, it would keep the database.
      worker?.terminate();
      worker = new Worker(browser.runtime.getURL('engine.js'), {
        type: 'module',
        name: 'lockstep-engine' satisfies EngineWorkerName,
      });
      const { port1, port2 } = new MessageChannel();
      const message: EngineConnect = { lockstep: 'engine-connect', aliveLock };
      worker.postMessage(message, [port2]);
      return { port: port1, fresh: true };
    },
    gone: engineGone,
    async release() {
      worker = null;
    },
    async terminate() {
      worker?.terminate();
      worker = null;
    },
  };
}
