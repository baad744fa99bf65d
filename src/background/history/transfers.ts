/**
 * Archives that the person sends and fetches by hand, each a record before it is work. Sending again
 * under the same pin makes another archive; fetching again changes nothing.
 */
import type { KnownArchives, Transfer } from '../../shared/archive.ts';
import { LockstepError, toErrorRecord } from '../../shared/errors.ts';
import type { HistoryOptions } from '../../shared/history.ts';
import type { ReadyAccount } from '../../shared/account.ts';
import type { Milliseconds } from '../../shared/ids.ts';
import type { OwnedStore } from '../../store/owned/store.ts';
import type { DatabaseConnection } from '../connection/database-connection.ts';
import type { Engine } from '../connection/engine.ts';
import type { ArchiveImport } from './import-archive.ts';

export interface TransfersOptions {
  readonly owned: OwnedStore;
  readonly connection: DatabaseConnection;
  readonly archives: ArchiveImport;
  readonly account: () => Promise<ReadyAccount>;
  readonly historyServer: () => Promise<string>;
  readonly newTransferId: () => string;
  readonly now: () => Milliseconds;
}

export class Transfers {
  readonly #options: TransfersOptions;
  /** Begun in this life: nothing has cut them off. */
  readonly #working = new Set<string>();

  constructor(options: TransfersOptions) {
    this.#options = options;
  }

  /** Looks what other installations have sent. */
  async find(): Promise<void> {
    await this.#options.connection.use((engine) => this.#find(engine));
  }

  async send(options: HistoryOptions, pin: string): Promise<string> {
    const { connection, historyServer } = this.#options;
    const transfer = await this.#begin('sent', pin);
    void this.#finish(transfer, async () => {
      const serverUrl = await historyServer();
      await connection.use((engine) => engine.call('sendArchive', { options, pin, serverUrl }));
      const { elements, from, until } = options;
      return {
        contents: { elements, from, until, exportedAt: transfer.at },
        state: { kind: 'done', newConversations: 0, newMessages: 0 },
      };
    });
    return transfer.id;
  }

  /** @param pin null takes the newest. */
  async fetch(pin: string | null): Promise<string> {
    const { connection, archives, now } = this.#options;
    const transfer = await this.#begin('fetched', pin ?? '');
    void this.#finish(transfer, () =>
      connection.use(async (engine) => {
        const known = await this.#find(engine);
        const archive = known.archives.find((one) => pin === null || one.pin === pin);
        if (archive === undefined) throw new LockstepError('archive_missing');
        const sentBefore = now();
        const before = await engine.call('countHistory', { sentBefore });
        const imported = await archives.run(engine, archive, null, sentBefore, before);
        return {
          pin: archive.pin,
          installationId: archive.sender,
          contents: archive.contents,
          state: { kind: 'done', ...imported },
        };
      }),
    );
    return transfer.id;
  }

  /** After a start: what was under way then has been cut off. */
  async resume(): Promise<void> {
    const { owned } = this.#options;
    const error = toErrorRecord(new LockstepError('interrupted'));
    for (const transfer of await owned.transfers.all()) {
      if (transfer.state.kind !== 'working' || this.#working.has(transfer.id)) continue;
      await owned.transfers.put({ ...transfer, state: { kind: 'failed', error } });
    }
  }

  async #find(engine: Engine): Promise<KnownArchives> {
    const { owned, account, now } = this.#options;
    const self = (await account()).installationId;
    await engine.call('pullSyncGroups', {});
    const { archives } = await engine.call('readSyncGroups', {});
    const others = archives.filter(({ sender }) => sender !== self);
    const known = { readAt: now(), archives: others };
    await owned.archives.put(known);
    return known;
  }

  async #begin(kind: 'sent' | 'fetched', pin: string): Promise<Transfer> {
    const { owned, account, newTransferId, now } = this.#options;
    const transfer: Transfer = {
      id: newTransferId(),
      accountId: (await account()).id,
      kind,
      pin,
      at: now(),
      installationId: null,
      contents: null,
      state: { kind: 'working' },
    };
    this.#working.add(transfer.id);
    await owned.transfers.put(transfer);
    return transfer;
  }

  async #finish(transfer: Transfer, work: () => Promise<Partial<Transfer>>): Promise<void> {
    const { owned } = this.#options;
    try {
      await owned.transfers.put({ ...transfer, ...(await work()) });
    } catch (error) {
      const state = { kind: 'failed', error: toErrorRecord(error) } as const;
      await owned.transfers.put({ ...transfer, state });
    } finally {
      this.#working.delete(transfer.id);
    }
  }
}
