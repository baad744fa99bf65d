/**
 * Importing an archive of the sync groups, to the end: fetched, in libxmtp's database, in the store,
 * counted. libxmtp's own worker may import the same archive beside us; that changes nothing.
 */
import type { AvailableArchive } from '../../shared/archive.ts';
import { sleep } from '../../shared/concurrency/sleep.ts';
import type { HistoryCounts } from '../../shared/history.ts';
import type { Milliseconds } from '../../shared/ids.ts';
import type { RunProgress } from '../../shared/run.ts';
import { withReconcileDue } from '../../store/owned/full-reconcile.ts';
import type { OwnedStore } from '../../store/owned/store.ts';
import type { Engine } from '../connection/engine.ts';
import type { UnreadKeeper } from '../read-state/unread.ts';
import type { StoreUpdates } from '../sync/store-updates.ts';

export interface ArchiveImportOptions {
  readonly owned: OwnedStore;
  readonly updates: StoreUpdates;
  readonly unread: UnreadKeeper;
  /** A sync of everything: conversations become active with it, and their newer messages come. */
  readonly catchUp: () => Promise<unknown>;
}

/** Half a second between looks at an import; libxmtp begins within a second, or after its next tick of 20 s. */
const pause = 500;
const looks = 50;
const looksWithoutChange = 3;
/**
 * So many times the time of a look passes until the next one, as far as this: what takes long may be the
 * import itself, behind which a look waits.
 */
const looksCost = 5;
const longestPause = 2_000;

export interface Imported {
  readonly newConversations: number;
  readonly newMessages: number;
}

export interface ImportedAnswer extends Imported {
  /** Messages that are here now, of the time before the request. */
  readonly messages: number;
}

export class ArchiveImport {
  readonly #options: ArchiveImportOptions;

  constructor(options: ArchiveImportOptions) {
    this.#options = options;
  }

  /**
   * An answer to a request of this installation: libxmtp's own worker fetches and imports it too. Its
   * import is let finish first, so that the two do not write at once.
   */
  async runAnswer(
    engine: Engine,
    archive: Pick<AvailableArchive, 'pin'>,
    serverUrl: string | null,
    sentBefore: Milliseconds,
    before: HistoryCounts,
    onProgress: (soFar: HistoryCounts) => Promise<unknown>,
  ): Promise<ImportedAnswer> {
    let last = before.messages;
    let steady = 0;
    let wait = pause;
    for (let look = 0; look < looks && steady < looksWithoutChange; look++) {
      await sleep(wait);
      const askedAt = performance.now();
      const counts = await engine.call('countHistory', { sentBefore });
      // Counting takes its time from the import, and more of it the more has come.
      const cost = performance.now() - askedAt;
      wait = Math.min(longestPause, Math.max(pause, looksCost * cost));
      const isNews = counts.messages !== last;
      if (isNews) await onProgress(since(before, counts));
      steady = counts.messages > before.messages && !isNews ? steady + 1 : 0;
      last = counts.messages;
    }
    // Whether it arrived whole, only a call of ours can tell: of a damaged archive, half is imported.
    const imported = await this.run(engine, archive, serverUrl, sentBefore, before);
    return { ...imported, messages: before.messages + imported.newMessages };
  }

  /**
   * @param before what was here of the time before `sentBefore`, when the import was first thought of.
   *   Throws archive_missing, archive_damaged, or the network's errors.
   */
  async run(
    engine: Engine,
    archive: Pick<AvailableArchive, 'pin'>,
    serverUrl: string | null,
    sentBefore: Milliseconds,
    before: HistoryCounts,
  ): Promise<Imported> {
    await engine.call('processArchive', { pin: archive.pin, serverUrl });
    return this.store(engine, sentBefore, before);
  }

  /**
   * After an import, whoever made it: brings the store up to libxmtp's database, and counts. What is
   * unread stays as it was.
   */
  async store(
    engine: Engine,
    sentBefore: Milliseconds,
    before: HistoryCounts,
    onProgress: (progress: RunProgress) => void = () => undefined,
  ): Promise<Imported> {
    const { owned, updates, unread, catchUp } = this.#options;
    // No event says which conversations an import touched. Should we die here, the next run compares all.
    await owned.schedule.change((schedule) => withReconcileDue(schedule, { thorough: false }));
    const unreadBefore = await unread.counts();
    await updates.update(engine, { scan: 'all', messagesOf: ['allowed'], onProgress });
    await unread.keep(unreadBefore, sentBefore);
    const after = await engine.call('countHistory', { sentBefore });
    await catchUp();
    const { conversations, messages } = since(before, after);
    return { newConversations: conversations, newMessages: messages };
  }
}

/** What came between two counts. */
function since(before: HistoryCounts, after: HistoryCounts): HistoryCounts {
  return {
    conversations: Math.max(0, after.conversations - before.conversations),
    messages: Math.max(0, after.messages - before.messages),
  };
}
