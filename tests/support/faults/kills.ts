/**
 * Ends parts of Lockstep in the middle of what they do, again and again, and checks after each time that
 * libxmtp's database is whole and holds every message exactly once, and the store too.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startLocalNetwork, type LocalNetwork } from '../../../network/index.ts';
import { createPeer, type Peer } from '../../../network/population/peer.ts';
import * as beneath from './beneath.ts';
import { expectOnce, textsIn } from './examine.ts';
import { launch, type BrowserName, type Driver } from '../driver/driver.ts';
import type { DiskFault } from '../lab/protocol.ts';
import { until } from '../until.ts';
import { dmWith, groupWith, textsOf } from '../world.ts';

export type KillKind = 'engine' | 'background' | 'renderer' | 'browser' | DiskFault;
export type Activity = 'sync' | 'send' | 'import';

export interface Kill {
  readonly kind: KillKind;
  readonly during: Activity;
  /** The engine's part was gone already when it should have been ended. */
  readonly missed: boolean;
  /** A journal lay there when the part was gone: there was something to roll back. */
  readonly hotJournal: boolean;
}

export interface Campaign {
  readonly kills: readonly Kill[];
  readonly messages: number;
}

export interface CampaignOptions {
  readonly browser: BrowserName;
  readonly count: number;
  /** No further kill after so long, so that others get their turn at a browser. */
  readonly milliseconds?: number;
  readonly kinds: readonly KillKind[];
  readonly seed: number;
  /** An extension with the lab engine, which disk faults need. */
  readonly extension?: string;
  readonly onKill?: (kill: Kill, index: number) => void;
}

type Group = Awaited<ReturnType<typeof groupWith>>;

const groupCount = 6;
const textsEach = 4;
const textPattern = /first \d+|own \d+ \d+|kill \d+ text \d+ in [0-9a-f]+/;
/** Milliseconds within which the blow falls, from the start of the activity. */
const window: Readonly<Record<Activity, number>> = { sync: 500, send: 200, import: 900 };

export async function runKills(options: CampaignOptions): Promise<Campaign> {
  const profile = await mkdtemp(path.join(tmpdir(), 'lockstep-kills-'));
  const network = await startLocalNetwork();
  const campaign = new Kills(options, network, profile);
  try {
    return await campaign.run();
  } finally {
    await campaign.close();
    await network.stop();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Kills {
  readonly #options: CampaignOptions;
  readonly #network: LocalNetwork;
  readonly #profile: string;
  readonly #random: () => number;
  readonly #expected: string[] = [];
  readonly #groups: Group[] = [];
  #driver: Driver | null = null;
  #phone: Peer | null = null;
  #peer: Peer | null = null;
  #inboxId = '';

  constructor(options: CampaignOptions, network: LocalNetwork, profile: string) {
    this.#options = options;
    this.#network = network;
    this.#profile = profile;
    this.#random = randomFrom(options.seed);
  }

  async run(): Promise<Campaign> {
    await this.#prepare();
    const kills: Kill[] = [];
    const deadline = Date.now() + (this.#options.milliseconds ?? Infinity);
    for (let index = 0; index < this.#options.count && Date.now() < deadline; index++) {
      const kill = await this.#kill(index);
      await this.#check(`kill ${index} (${kill.kind} during ${kill.during})`);
      kills.push(kill);
      this.#options.onKill?.(kill, index);
    }
    await this.#checkReceivers();
    return { kills, messages: this.#expected.length };
  }

  async close(): Promise<void> {
    await this.#driver?.close();
  }

  get #here(): Driver {
    if (this.#driver === null) throw new Error('No browser runs.');
    return this.#driver;
  }

  get #hosts() {
    const { grpcWeb, history } = this.#network.addresses;
    return { node: grpcWeb, history };
  }

  async #launch(): Promise<void> {
    const { browser, extension } = this.#options;
    this.#driver = await launch(browser, {
      profile: this.#profile,
      hosts: this.#hosts,
      ...(extension === undefined ? {} : { extension }),
    });
  }

  async #prepare(): Promise<void> {
    await this.#launch();
    // Another installation of the same inbox, which answers requests for history.
    this.#phone = await createPeer({ ...this.#hosts, deviceSync: true });
    const key = Buffer.from(this.#phone.privateKey).toString('hex');
    this.#inboxId = (await this.#here.createAccount({ privateKey: key })).inboxId;
    await this.#here.setInterval(null);
    this.#peer = await createPeer(this.#hosts);
    for (let i = 0; i < groupCount; i++) {
      const text = `first ${i}`;
      this.#groups.push(
        i === 0
          ? await dmWith(this.#peer, this.#inboxId, [text])
          : await groupWith(this.#peer, this.#inboxId, `Group ${i}`, [text]),
      );
      this.#expected.push(text);
    }
    await this.#settleRun(await this.#sync());
    for (const group of this.#groups) {
      await this.#command('setConsent', { conversationId: group.id(), consent: 'allowed' });
    }
    await this.#check('the start');
  }

  async #kill(index: number): Promise<Kill> {
    const kind = this.#pick(this.#options.kinds);
    const during = this.#pick<Activity>(['sync', 'sync', 'sync', 'send', 'send', 'import']);
    const texts = Array.from({ length: textsEach }, (_, n) => `kill ${index} text ${n}`);
    if (during !== 'send') {
      for (const group of this.#groups) {
        for (const text of texts) await group.sendText(`${text} in ${group.id()}`);
        this.#expected.push(...texts.map((text) => `${text} in ${group.id()}`));
      }
    }
    await this.#here.browser.prepareKill();
    // From a database that is closed, so that opening is among what is struck.
    if (this.#random() < 0.3) await this.#drop();
    const blow = this.#blow(kind);
    await blow.prepare();
    const started = this.#start(during, index).catch(() => undefined);
    await pause(this.#random() * window[during]);
    const missed = !(await blow.strike());
    await started;
    const { files } = await this.#page(beneath.libxmtpFiles).catch(() => ({ files: [] }));
    const hotJournal = files.some(
      ({ path: name, length }) => name.endsWith('-journal') && length > 0,
    );
    return { kind, during, missed, hotJournal };
  }

  async #start(during: Activity, index: number): Promise<void> {
    switch (during) {
      case 'sync':
        await this.#sync();
        return;
      case 'send':
        for (let n = 0; n < 3; n++) {
          const conversationId = this.#pick(this.#groups).id();
          const text = `own ${index} ${n}`;
          await this.#command('sendText', { conversationId, text });
          // Journaled now: from here on it must arrive.
          this.#expected.push(text);
        }
        return;
      case 'import':
        await this.#command('requestHistory', {
          options: {
            elements: ['messages', 'consent'],
            from: null,
            until: null,
            excludeDisappearing: false,
          },
        });
        await this.#sync();
        await this.#phone?.client.device_sync().syncAllDeviceSyncGroups();
        await this.#sync();
    }
  }

  /** How a blow is prepared, and how it falls; `strike` answers whether anything was there to hit. */
  #blow(kind: KillKind): { prepare(): Promise<void>; strike(): Promise<boolean> } {
    const { browser } = this.#here;
    const nothing = async () => undefined;
    switch (kind) {
      case 'engine':
        return { prepare: nothing, strike: () => succeeded(browser.killEngine()) };
      case 'background':
        return { prepare: nothing, strike: () => succeeded(browser.killBackground()) };
      case 'renderer':
      case 'browser':
        return {
          prepare: nothing,
          strike: async () => {
            const hit =
              kind === 'browser' || browser.name === 'firefox'
                ? await succeeded(browser.kill())
                : await succeeded(browser.crashRenderer());
            if (kind === 'renderer') await browser.kill().catch(() => undefined);
            await this.#launch();
            return hit;
          },
        };
      default: {
        const after = Math.floor(this.#random() * (kind === 'flush' ? 40 : 120));
        return {
          prepare: async () => {
            // Something must listen, so the engine is open.
            await this.#command('reconnectDatabase', {});
            await this.#page(beneath.lab, { ask: 'spoil', fault: kind, after } as const);
          },
          strike: async () => true,
        };
      }
    }
  }

  /** Everything that is left to do is done, and everything is there. */
  async #check(when: string): Promise<void> {
    await this.#here.page.goto('popup/index.html');
    const runs = async () => {
      const { runs: all } = await this.#page(beneath.work);
      return all.every(({ state }) => state !== 'queued' && state !== 'running');
    };
    await until(`runs to end after ${when}`, runs, 90_000);
    await until(
      `a complete sync after ${when}`,
      async () => (await this.#settleRun(await this.#sync())) === 'complete',
      150_000,
    ).catch((error: unknown) => this.#explain(error));
    await until(
      `nothing unsent after ${when}`,
      async () => {
        if ((await this.#page(beneath.work)).unsent === 0) return true;
        // What could not be sent is tried again after a good sync.
        await this.#settleRun(await this.#sync());
        return false;
      },
      90_000,
    ).catch((error: unknown) => this.#explain(error));
    const { database } = await this.#page(beneath.libxmtpFiles);
    if (database === null) throw new Error(`After ${when} there is no database.`);
    const texts = textsIn(Buffer.from(database, 'base64'), textPattern);
    expectOnce(texts, this.#expected, `libxmtp's database after ${when}`);
    const stored = await this.#page(beneath.storedTexts);
    expectOnce(stored, this.#expected, `the store after ${when}`);
  }

  async #explain(error: unknown): Promise<never> {
    const { runs, ...rest } = await this.#page(beneath.work);
    const failed = runs.filter((run) => run.error !== null);
    throw new Error(`${String(error)}; ${JSON.stringify({ failed, ...rest })}`);
  }

  /** What Lockstep sent arrived once. */
  async #checkReceivers(): Promise<void> {
    const own = this.#expected.filter((text) => text.startsWith('own '));
    const received: string[] = [];
    for (const group of this.#groups) {
      received.push(...(await textsOf(group)).filter((text) => text.startsWith('own ')));
    }
    expectOnce(received, own, 'what the others received');
  }

  async #drop(): Promise<void> {
    await this.#command('dropDatabase', {});
    await until('the database to be released', async () => {
      const { connection } = await this.#page(beneath.work);
      return connection === 'released';
    });
  }

  async #sync(): Promise<string> {
    const scope = { kind: 'all', consent: ['allowed'] };
    const { runId } = (await this.#command('sync', { scope })) as { runId: string };
    return runId;
  }

  async #settleRun(runId: string): Promise<string> {
    return until(
      `run ${runId}`,
      async () => {
        const { runs } = await this.#page(beneath.work);
        const run = runs.find(({ id }) => id === runId);
        return run !== undefined && !['queued', 'running'].includes(run.state) && run.state;
      },
      120_000,
    );
  }

  #command(name: string, input: unknown): Promise<unknown> {
    return this.#page(beneath.command, name, input);
  }

  #page<Args extends readonly unknown[], Answer>(
    run: (...args: Args) => Answer | Promise<Answer>,
    ...args: Args
  ): Promise<Answer> {
    return this.#here.page.evaluate(run, ...args);
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)]!;
  }
}

async function succeeded(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

/** A blow falls at a random moment: the one place where time is what is meant. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** mulberry32: the same blows for the same seed, as far as the machine lets them be. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
