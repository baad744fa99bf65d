/**
 * Being there for the inbox's other installations. libxmtp answers a request by itself once a sync has
 * pulled it, and it adds new installations to conversations; but it does both after the sync has ended,
 * beside us. So the engine is kept until that is done, and what went to whom is noted.
 */
import { sleep } from '../../shared/concurrency/sleep.ts';
import type { SyncGroupLog, Transfer } from '../../shared/archive.ts';
import type { ReadyAccount } from '../../shared/account.ts';
import type { InstallationId, Milliseconds } from '../../shared/ids.ts';
import type { Run } from '../../shared/run.ts';
import type { OwnedStore } from '../../store/owned/store.ts';
import type { DatabaseConnection } from '../connection/database-connection.ts';
import type { Engine } from '../connection/engine.ts';

export interface ServingOptions {
  readonly owned: OwnedStore;
  readonly connection: DatabaseConnection;
  readonly account: () => Promise<ReadyAccount>;
  readonly now: () => Milliseconds;
}

/** Without a call to the network for so long, nothing is under way any more. */
const quietAfter = 1_500;
/** An answer is not waited for longer: building an archive takes a second per thousand conversations. */
const patience = 2 * 60_000;
const pause = 500;
/** libxmtp tries again to upload for so long; older requests it has given up. */
const requestsLive = 3 * 24 * 60 * 60_000;

export class Serving {
  readonly #options: ServingOptions;
  #watching = false;

  constructor(options: ServingOptions) {
    this.#options = options;
  }

  /** Tells an open engine what the person wants. One that opens later is told when it opens. */
  async apply(): Promise<void> {
    const { owned, connection } = this.#options;
    const { serveHistory } = await owned.settings.read();
    if ((await owned.connection.read())?.state !== 'open') return;
    await connection.use((engine) => engine.call('serveHistory', { enabled: serveHistory }));
  }

  /** A sync may have pulled requests: keeps the engine until they are answered. Never rejects. */
  async runEnded({ state, scope }: Run): Promise<void> {
    const pulled = scope.kind === 'all' || scope.kind === 'preferences';
    if (!pulled || state === 'failed' || this.#watching) return;
    if (this.#options.connection.isDropped) return;
    this.#watching = true;
    try {
      await this.#options.connection.hold((engine, released) => this.#stay(engine, released));
    } catch {
      // The engine is gone, and with it what was under way; libxmtp takes it up after the next pull.
    } finally {
      this.#watching = false;
    }
  }

  async #stay(engine: Engine, released: AbortSignal): Promise<void> {
    const { owned, account, now } = this.#options;
    const self = (await account()).installationId;
    const until = now() + patience;
    while (!released.aborted && now() < until) {
      const quiet = (await engine.call('quietFor', {})) >= quietAfter;
      if (quiet) {
        const log = await engine.call('readSyncGroups', {});
        const waiting = (await owned.settings.read()).serveHistory && isWaitedFor(log, self, now());
        if (!waiting) break;
      }
      // Whoever wants the connection closed is not kept waiting.
      await sleep(pause, released);
    }
    // Whoever wants the connection closed waits for this; what was served is noted after the next sync.
    if (released.aborted) return;
    await this.#note(await engine.call('readSyncGroups', {}), self);
  }

  async #note(log: SyncGroupLog, self: InstallationId): Promise<void> {
    const { owned, account } = this.#options;
    const accountId = (await account()).id;
    const known = new Set((await owned.transfers.all()).map(({ id }) => id));
    for (const archive of log.archives) {
      const asked = log.requests.find(({ pin, sender }) => pin === archive.pin && sender !== self);
      if (archive.sender !== self || asked === undefined || known.has(archive.url)) continue;
      const transfer: Transfer = {
        id: archive.url,
        accountId,
        kind: 'served',
        pin: archive.pin,
        at: archive.sentAt,
        installationId: asked.sender,
        contents: archive.contents,
        state: { kind: 'done', newConversations: 0, newMessages: 0 },
      };
      await owned.transfers.put(transfer);
    }
  }
}

/** Whether another installation has asked and has not been answered by this one. */
export function isWaitedFor(
  { requests, archives }: SyncGroupLog,
  self: InstallationId,
  now: Milliseconds,
): boolean {
  return requests.some(
    ({ pin, sender, sentAt }) =>
      sender !== self &&
      now - sentAt < requestsLive &&
      !archives.some((archive) => archive.pin === pin && archive.sender === self),
  );
}
