/**
 * The background's services as `index.ts` puts them together, on a platform in memory: the fake engine,
 * fake-indexeddb, a clock that stands still until it is set. A process may be killed after any commit, and
 * the next one starts on what it left.
 */
import { vi } from 'vitest';
import { IDBFactory } from 'fake-indexeddb';
import type { ReadyAccount } from '../../../src/shared/account.ts';
import { newId, type AccountId, type Milliseconds } from '../../../src/shared/ids.ts';
import type { StoreReader } from '../../../src/store/reader.ts';
import type { Services } from '../../../src/background/services.ts';
import { createFakeHost, type FakeHost } from '../fake-engine/host.ts';
import { FakeXmtp, installation, self } from '../fake-engine/xmtp.ts';
import type { FakeSyncGroups } from '../fake-engine/engine.ts';
import type { Process } from './mortal-database.ts';
import { provideWebLocks, type WebLocks } from './web-locks.ts';

export const accountId = newId<AccountId>();

const account: ReadyAccount = {
  id: accountId,
  network: {
    kind: 'custom',
    nodeUrl: 'http://node.test',
    historyUrl: 'http://history.test',
  } as never,
  signer: { kind: 'local', address: '0x01' as never, key: { kind: 'none' } },
  databaseName: 'lockstep-test.db3',
  createdAt: 1,
  phase: 'ready',
  inboxId: self,
  installationId: installation,
};

/** The process that opens databases now. */
let current: MortalProcess | null = null;

export function currentProcess(): Process {
  if (current === null) throw new Error('no background runs');
  return current;
}

class MortalProcess implements Process {
  readonly commits: string[] = [];
  isDead = false;
  readonly #diesAfter: number;

  constructor(diesAfter: number) {
    this.#diesAfter = diesAfter;
  }

  committed(stores: readonly string[]): void {
    if (this.isDead) return;
    this.commits.push(stores.join('+'));
    if (this.commits.length >= this.#diesAfter) this.isDead = true;
  }
}

export interface Background {
  readonly services: Services;
  readonly reader: StoreReader;
  readonly host: FakeHost;
  /** The object stores of each commit of this process, in order. */
  readonly commits: readonly string[];
  readonly isDead: boolean;
  kill(): void;
}

/** A browser: what outlives the background. */
export class TestBrowser {
  readonly xmtp = new FakeXmtp();
  readonly syncGroups: FakeSyncGroups = {
    log: { archives: [], requests: [], lastSeen: [] },
    archives: new Map(),
  };
  /** Seconds by name, as they are armed. */
  readonly alarms = new Map<string, number>();
  now: Milliseconds = 1_700_000_000_000;
  isOffline = false;
  readonly #locks: WebLocks;

  constructor() {
    globalThis.indexedDB = new IDBFactory();
    this.#locks = provideWebLocks();
  }

  /** Records the inbox, as a registration that is over left it. */
  async signIn(): Promise<void> {
    const background = await this.start();
    await background.services.store.owned.account.put(account);
    background.kill();
  }

  /**
   * Starts the background without resuming work (`resumeWork` does that).
   * @param diesAfter so many commits; without it, it lives on.
   */
  async start({ diesAfter = Infinity } = {}): Promise<Background> {
    this.#locks.releaseAll();
    const process = new MortalProcess(diesAfter);
    current = process;
    const host = createFakeHost(this.xmtp, this.syncGroups);
    const { createServices } = await import('../../../src/background/services.ts');
    const { openStoreReader } = await import('../../../src/store/read.ts');
    const services = createServices({
      engineHost: host,
      alarms: {
        repeat: async (name, seconds) => void (process.isDead || this.alarms.set(name, seconds)),
        stop: async (name) => void (process.isDead || this.alarms.delete(name)),
      },
      network: { isOffline: () => this.isOffline, isSavingData: () => false },
      downloads: {} as never,
      transferFolder: { delete: async () => undefined, tidy: async () => undefined },
      popupSnapshotStorage: { put: async () => undefined, remove: async () => undefined },
      signingKeys: {} as never,
      pages: {} as never,
      keepAwake: () => () => undefined,
      now: () => this.now,
      random: () => 0.5,
    });
    const reader = openStoreReader();
    const kill = () => {
      process.isDead = true;
      host.kill();
      reader.close();
    };
    return {
      services,
      reader,
      host,
      kill,
      get commits() {
        return process.commits;
      },
      get isDead() {
        return process.isDead;
      },
    };
  }
}

/**
 * Waits until something holds, or the process is dead.
 * @param holds must ask the reader: the dead answer nothing.
 */
export async function untilOrDead(
  background: Pick<Background, 'isDead'>,
  holds: () => Promise<boolean>,
): Promise<void> {
  await vi.waitUntil(async () => background.isDead || (await holds()), {
    timeout: 5_000,
    interval: 1,
  });
}
