/** A network and a browser with every contestant in it, started from a saved state. */
import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { BrowserName, RunningBrowser } from './browsers/browser.ts';
import { chromiumStartUrl, startChromium } from './browsers/chromium.ts';
import { startFirefox } from './browsers/firefox.ts';
import { Collector, type Agent } from './collector.ts';
import { startNetwork, type NetworkProcess } from './network-process.ts';
import { paths } from './paths.ts';
import { ports } from './ports.ts';

export type ContestantName = 'sdk' | 'bindings';

export interface Session {
  readonly browser: RunningBrowser;
  readonly network: NetworkProcess;
  readonly lockstep: Agent<'lockstep'>;
  /** Opens the contestant's page in front of everything. It closes by `leave`. */
  enter<Name extends ContestantName>(name: Name): Promise<Agent<Name>>;
  leave(): Promise<void>;
}

/** A folder with a browser's profile and the network's data. */
export interface SavedState {
  readonly profile: string;
  readonly network: string;
}

export const stateIn = (folder: string): SavedState => ({
  profile: path.join(folder, 'profile'),
  network: path.join(folder, 'network'),
});

export async function copyState(from: SavedState, to: SavedState): Promise<void> {
  await copyFolder(from.profile, to.profile);
  await copyFolder(from.network, to.network);
}

export async function copyFolder(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  await cp(from, to, { recursive: true, verbatimSymlinks: true, filter: isKept });
}

/** A browser's locks and sockets belong to its process. */
const isKept = (file: string) => !/(?:Singleton\w+|\.parentlock|\/lock)$/.test(file);

export const workState = () => stateIn(paths.work);

/**
 * Runs `use` in a browser and a network of this state. Whatever they change stays in the state's
 * folders; both are ended before this settles.
 */
export async function withSession<Output>(
  browserName: BrowserName,
  state: SavedState,
  use: (session: Session) => Promise<Output>,
): Promise<Output> {
  const network = await startNetwork(state.network);
  try {
    return await withBrowser(browserName, state.profile, network, use);
  } finally {
    await network.stop();
  }
}

/** As `withSession`, on a network that goes on afterwards. */
export async function withBrowser<Output>(
  browserName: BrowserName,
  profile: string,
  network: NetworkProcess,
  use: (session: Session) => Promise<Output>,
): Promise<Output> {
  const collector = new Collector(paths.pages, chromiumStartUrl);
  await collector.listen();
  try {
    const start = browserName === 'chromium' ? startChromium : startFirefox;
    const browser = await start({ profile, extension: path.join(paths.extension, browserName) });
    try {
      return await use(sessionOf(collector, network, browser));
    } finally {
      await browser.close();
    }
  } finally {
    collector.reset();
    await collector.close();
  }
}

function sessionOf(
  collector: Collector,
  network: NetworkProcess,
  browser: RunningBrowser,
): Session {
  const lockstep = collector.agent('lockstep');
  let visits = 0;
  return {
    browser,
    network,
    lockstep,
    async enter(name) {
      const visit = ++visits;
      await lockstep('openTab', {
        url: `http://127.0.0.1:${ports[name]}/${name}/index.html?visit=${visit}`,
      });
      return collector.agent(name, visit);
    },
    async leave() {
      await lockstep('closeTab', null);
    },
  };
}
