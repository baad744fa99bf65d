/**
 * Asking the person's other installations for history, until it is here. Guarantees: a request is
 * recorded before it is sent and after every step; whoever lives next takes it up where it stands; doing
 * a step twice changes nothing; it ends when the person says so, when it is answered, or when its time
 * is up, and an answer that comes even later is taken.
 */
import { sleep } from '../../shared/concurrency/sleep.ts';
import {
  isOpen,
  type HistoryCounts,
  type HistoryOptions,
  type HistoryRequest,
} from '../../shared/history.ts';
import { fromErrorRecord, LockstepError, toErrorRecord } from '../../shared/errors.ts';
import type { ReadyAccount } from '../../shared/account.ts';
import type { HistoryRequestId, Milliseconds } from '../../shared/ids.ts';
import type { Run } from '../../shared/run.ts';
import type { OwnedStore } from '../../store/owned/store.ts';
import type { DatabaseConnection } from '../connection/database-connection.ts';
import type { Engine } from '../connection/engine.ts';
import type { AlarmClock } from '../sync/sync-schedule.ts';
import type { ArchiveImport } from './import-archive.ts';
import {
  afterImport,
  answerTo,
  secondsBetweenLooks,
  triesForArchive,
  waitAfter,
} from './request-plan.ts';

export const historyAlarm = 'lockstep-history';

export interface HistoryRequestsOptions {
  readonly owned: OwnedStore;
  readonly connection: DatabaseConnection;
  readonly archives: ArchiveImport;
  readonly alarms: AlarmClock;
  readonly account: () => Promise<ReadyAccount>;
  /** The configured history server. */
  readonly historyServer: () => Promise<string>;
  readonly newRequestId: () => HistoryRequestId;
  readonly now: () => Milliseconds;
  readonly keepAwake: () => () => void;
}

export interface NewRequest {
  readonly options: HistoryOptions;
  readonly serverUrl: string | null;
  readonly giveUpAfter: Milliseconds;
}

/** After a request was sent, an answer usually comes within two seconds; so long it is looked for. */
const watchFor = 40_000;
const firstPause = 500;
const longestPause = 4_000;
/** So often a request is sent again without waiting. */
const eagerAttempts = 3;
/** Sent times are the sender's; its clock and ours are the same, but for their fractions. */
const clockSlack = 1_000;

export class HistoryRequests {
  readonly #options: HistoryRequestsOptions;
  readonly #working = new Map<HistoryRequestId, Promise<void>>();

  constructor(options: HistoryRequestsOptions) {
    this.#options = options;
  }

  /** Journals a request and starts working on it. */
  async request({ options, serverUrl, giveUpAfter }: NewRequest): Promise<HistoryRequestId> {
    const { owned, account, newRequestId, now } = this.#options;
    if (options.from !== null && options.until !== null && options.from >= options.until) {
      throw new LockstepError('bad_input', { detail: 'the range ends before it starts' });
    }
    const request: HistoryRequest = {
      id: newRequestId(),
      accountId: (await account()).id,
      options,
      serverUrl,
      requestedAt: now(),
      giveUpAt: now() + giveUpAfter,
      others: [],
      attempts: 0,
      nextAt: now(),
      pins: [],
      failedArchives: {},
      problem: null,
      before: null,
      state: { kind: 'sending', since: now() },
    };
    await owned.history.put(request);
    // Before the work: if the background ends in the middle of it, the alarm wakes the next one.
    await this.#arm();
    void this.#advance(request.id);
    return request.id;
  }

  /** Ends a request. One that is being imported ends with its import. */
  async cancel(id: HistoryRequestId): Promise<void> {
    const { owned, now } = this.#options;
    await owned.history.change(id, (request) =>
      isOpen(request) && request.state.kind !== 'importing'
        ? { ...request, state: { kind: 'cancelled', since: now() } }
        : request,
    );
    await this.#arm();
  }

  /** Sends a request again now. */
  async retry(id: HistoryRequestId): Promise<void> {
    const { owned, now } = this.#options;
    await owned.history.change(id, (request) => ({ ...request, nextAt: now() }));
    void this.#advance(id);
  }

  /** Goes on with what is open: an earlier life left it, its alarm rang, or the network came back. */
  async resume(): Promise<void> {
    const requests = await this.#options.owned.history.all();
    await this.#arm();
    for (const request of requests) if (isOpen(request)) await this.#advance(request.id);
  }

  /** A sync pulled the sync groups: an answer may have come, even for a request whose time is up. */
  async runEnded({ state, scope }: Run): Promise<void> {
    const pulled = scope.kind === 'all' || scope.kind === 'preferences';
    if (!pulled || (state !== 'complete' && state !== 'partial')) return;
    if (this.#options.connection.isDropped) return;
    for (const request of await this.#options.owned.history.all()) {
      const waits = request.state.kind === 'sent' || request.state.kind === 'unanswered';
      if (waits && !this.#working.has(request.id)) {
        await this.#alone(request.id, async (engine) => {
          await this.#look(engine, request.id);
        });
      }
    }
  }

  #advance(id: HistoryRequestId): Promise<void> {
    return this.#alone(id, (engine, released) => this.#work(engine, id, released));
  }

  /** One at a time for each request. Never rejects: what fails is noted, and tried again later. */
  #alone(
    id: HistoryRequestId,
    work: (engine: Engine, released: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const before = this.#working.get(id);
    if (before !== undefined) return before;
    const { connection, owned, keepAwake } = this.#options;
    const sleep = keepAwake();
    const working = connection
      .hold(work)
      .catch(async (error: unknown) => {
        await owned.history.change(id, (request) =>
          isOpen(request) ? { ...request, problem: toErrorRecord(error) } : request,
        );
      })
      .then(() => this.#arm())
      .catch(() => undefined) // the store itself failed; the next start takes it up
      .finally(() => {
        this.#working.delete(id);
        sleep();
      });
    this.#working.set(id, working);
    return working;
  }

  async #work(engine: Engine, id: HistoryRequestId, released: AbortSignal): Promise<void> {
    const { owned, now } = this.#options;
    let request = await owned.history.get(id);
    if (request?.state.kind === 'importing') return this.#import(engine, request);
    if (request === null || !isOpen(request)) return;
    if (now() >= request.giveUpAt) return this.#giveUp(engine, id);
    const isDue = request.state.kind === 'sending' || now() >= request.nextAt;
    if (isDue) await this.#send(engine, request);
    const until = now() + (isDue ? watchFor : 0);
    for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
      request = await owned.history.get(id);
      if (request?.state.kind !== 'sent' || released.aborted) return;
      await this.#pull(engine, id);
      if ((await this.#look(engine, id)) && (await this.#isPastWaiting(id))) break;
      if (now() >= until) return;
      await sleep(pause, released);
    }
    // What came could not be imported: asked for again at once, while chance may be to blame.
    request = await owned.history.get(id);
    if (
      request?.state.kind === 'sent' &&
      now() >= request.nextAt &&
      request.attempts < eagerAttempts
    ) {
      await this.#work(engine, id, released);
    }
  }

  /** Whether an import ended the request, or left nothing to try again but asking anew. */
  async #isPastWaiting(id: HistoryRequestId): Promise<boolean> {
    const request = await this.#options.owned.history.get(id);
    return request?.state.kind !== 'sent' || this.#options.now() >= request.nextAt;
  }

  /**
   * libxmtp throws where two installations write to a sync group at once, and the next pull is fine. So
   * a failed pull is noted, and does not end the watch.
   */
  async #pull(engine: Engine, id: HistoryRequestId): Promise<void> {
    const { owned } = this.#options;
    const problem = await engine.call('pullSyncGroups', {}).then(
      () => null,
      (error: unknown) => toErrorRecord(error),
    );
    if (problem?.code === 'engine_crashed' || problem?.code === 'database_released') {
      throw fromErrorRecord(problem);
    }
    const isNews = (await owned.history.get(id))?.problem?.code !== problem?.code;
    if (isNews) await owned.history.change(id, (request) => ({ ...request, problem }));
  }

  async #send(engine: Engine, { id, options, serverUrl, requestedAt }: HistoryRequest) {
    const { owned, account, historyServer, now } = this.#options;
    const { installationId } = await account();
    const [all, log] = [
      await engine.call('installations', {}),
      await engine.call('readSyncGroups', {}),
    ];
    const seen = new Map(log.lastSeen.map(({ installationId: who, at }) => [who, at]));
    const others = all
      .filter((installation) => installation.id !== installationId)
      .map((installation) => ({ ...installation, seenAt: seen.get(installation.id) ?? null }));
    if (others.length === 0) {
      await owned.history.change(id, (request) => ({
        ...request,
        others,
        problem: null,
        state: { kind: 'nobody', since: now() },
      }));
      return;
    }
    const before = await engine.call('countHistory', { sentBefore: requestedAt });
    // Before it leaves: should we die in between, a second request does no harm and a lost count would.
    await owned.history.change(id, (request) => ({
      ...request,
      others,
      before: request.before ?? before,
    }));
    await engine.call('requestHistory', {
      options,
      serverUrl: serverUrl ?? (await historyServer()),
    });
    const { requests } = await engine.call('readSyncGroups', {});
    const pins = requests
      .filter(
        ({ sender, sentAt }) => sender === installationId && sentAt >= requestedAt - clockSlack,
      )
      .map(({ pin }) => pin);
    await owned.history.change(id, (request) => {
      if (!isOpen(request)) return request;
      const attempts = request.attempts + 1;
      return {
        ...request,
        attempts,
        nextAt: now() + waitAfter(attempts),
        pins: [...new Set([...request.pins, ...pins])],
        problem: null,
        state: { kind: 'sent', since: now() },
      };
    });
  }

  /** Looks for an answer among what has been pulled, and imports it. Answers whether there was one. */
  async #look(engine: Engine, id: HistoryRequestId): Promise<boolean> {
    const { owned, account, now } = this.#options;
    const request = await owned.history.get(id);
    if (request === null) return false;
    const log = await engine.call('readSyncGroups', {});
    const archive = answerTo(request, log, (await account()).installationId);
    if (archive === null) return false;
    const found = await owned.history.change(id, (current) =>
      current.state.kind === 'sent' || current.state.kind === 'unanswered'
        ? { ...current, state: { kind: 'importing', since: now(), archive } }
        : current,
    );
    if (found?.state.kind !== 'importing') return false;
    await this.#import(engine, found);
    return true;
  }

  async #import(engine: Engine, { id, state, serverUrl, requestedAt, before }: HistoryRequest) {
    if (state.kind !== 'importing') return;
    const { owned, archives, now } = this.#options;
    const { archive } = state;
    try {
      const counts = before ?? (await engine.call('countHistory', { sentBefore: requestedAt }));
      const onProgress = (soFar: HistoryCounts) =>
        owned.history.change(id, (request) =>
          request.state.kind === 'importing'
            ? { ...request, state: { ...request.state, soFar } }
            : request,
        );
      const imported = await archives.runAnswer(
        engine,
        archive,
        serverUrl,
        requestedAt,
        counts,
        onProgress,
      );
      await owned.history.change(id, (request) => afterImport(request, archive, imported, now()));
    } catch (error) {
      const { code } = toErrorRecord(error);
      // Nothing was tried: the next life does.
      if (code === 'database_released' || code === 'interrupted') throw error;
      const isLost = code === 'archive_damaged' || code === 'archive_missing';
      await owned.history.change(id, (request) => {
        const tries = isLost ? triesForArchive : (request.failedArchives[archive.url] ?? 0) + 1;
        return {
          ...request,
          failedArchives: { ...request.failedArchives, [archive.url]: tries },
          // Left aside, it is asked for anew; before that, the same one is fetched again.
          nextAt: tries >= triesForArchive ? now() : request.nextAt,
          problem: toErrorRecord(error),
          state: { kind: 'sent', since: now() },
        };
      });
    }
  }

  /** One last look: the answer may have come while nobody was awake. */
  async #giveUp(engine: Engine, id: HistoryRequestId): Promise<void> {
    const { owned, now } = this.#options;
    await engine.call('pullSyncGroups', {}).catch(() => undefined);
    if (await this.#look(engine, id)) return;
    await owned.history.change(id, (request) =>
      isOpen(request) ? { ...request, state: { kind: 'unanswered', since: now() } } : request,
    );
  }

  async #arm(): Promise<void> {
    const { owned, alarms, now } = this.#options;
    const open = (await owned.history.all()).filter(isOpen);
    if (open.length === 0) await alarms.stop(historyAlarm);
    else await alarms.repeat(historyAlarm, secondsBetweenLooks(open, now()));
  }
}
