/** The host that fits this browser: only Chrome has offscreen documents. */
import type { EngineHost } from '../connection/engine-host.ts';
import { createChromeEngineHost } from './engine-host-chrome.ts';
import { createFirefoxEngineHost } from './engine-host-firefox.ts';

export function createEngineHost(): EngineHost {
  const hasOffscreen = typeof chrome !== 'undefined' && 'offscreen' in chrome;
  return hasOffscreen ? createChromeEngineHost() : createFirefoxEngineHost();
}
