/**
 * A large sync serves the conversations that are pinned, and those that were active last, before the
 * others. libxmtp takes them in no particular order, so this steps in where its sync begins: libxmtp has
 * asked when each conversation was last written to, and before it hears the answer, what comes first is
 * fetched and handed to the store. libxmtp counts it among its own, and asks for each once more, which
 * finds nothing.
 */
import type { ConsentFilter } from '../../shared/consent.ts';
import type { ConversationId, Milliseconds } from '../../shared/ids.ts';
import { fromLibConsent } from '../records/enums.ts';
import type { OperationContext } from '../session/session.ts';
import type { CallWatcher } from '../traffic/evidence.ts';
import {
  newestMessagesMethod,
  readNewestMessages,
  type NewestMessage,
} from '../traffic/newest-messages.ts';
import { firstToServe } from './serving-order.ts';
import { syncOneByOne } from './sync-one-by-one.ts';

/** With fewer to fetch, the whole is there nearly as soon. */
const largeFrom = 40;
/** Milliseconds that the store has to take in what comes first; the rest does not wait for ever. */
const patience = 20_000;
/** Milliseconds that this device's clock may be ahead of the node's; beyond that, only the order suffers. */
const clockMargin = 10 * 60_000;

export interface RecentFirstOptions {
  readonly consent: ConsentFilter;
  readonly pinned: readonly ConversationId[];
  /** What was not written to since then has nothing new to fetch (shared/engine-protocol.ts). */
  readonly quietSince: Milliseconds;
  /** How many are synced one by one afterwards: they are part of the whole. */
  readonly further: number;
}

export class RecentFirst implements CallWatcher {
  readonly #context: OperationContext;
  readonly #options: RecentFirstOptions;
  /** libxmtp asks for a thousand conversations at a time, all at once: so many answers are still to come. */
  #awaited = 0;
  #isAnswered = false;
  readonly #newest = new Map<string, NewestMessage>();
  #begin: () => void = () => undefined;
  /** Begins when all answers are there that will be. */
  readonly #serving = new Promise<void>((resolve) => (this.#begin = resolve)).then(() =>
    this.#serve(),
  );

  constructor(context: OperationContext, options: RecentFirstOptions) {
    this.#context = context;
    this.#options = options;
  }

  sending(method: string): void {
    if (method === newestMessagesMethod) this.#awaited++;
  }

  failed(method: string): void {
    if (method === newestMessagesMethod) this.#isOneLess();
  }

  /** Holds the answers up until what comes first is served. Never rejects: what fails is fetched with the rest. */
  passing(method: string, answer: Uint8Array): void | Promise<void> {
    if (method !== newestMessagesMethod) return;
    for (const [group, message] of readNewestMessages(answer)) this.#newest.set(group, message);
    this.#isAnswered = true;
    this.#isOneLess();
    return this.#serving;
  }

  #isOneLess(): void {
    this.#awaited--;
    // What failed is asked for again, and where nothing was answered, that is worth waiting for.
    if (this.#awaited === 0 && this.#isAnswered) this.#begin();
  }

  async #serve(): Promise<void> {
    const { evidence, emit, pause } = this.#context;
    const stale = this.#isQuiet() ? [] : this.#staleNewestFirst();
    evidence.expect(stale.length + this.#options.further);
    const isLarge = stale.length >= largeFrom;
    if (isLarge) evidence.begin('recent');
    if (stale.length > 0) emit({ type: 'progress', ...evidence.progress, at: Date.now() });
    if (!isLarge) return;
    try {
      const first = firstToServe(stale, this.#pinned());
      await syncOneByOne(this.#context, first, []);
      this.#context.session.pending.waitFor(first);
      emit({ type: 'recent-fetched' });
      await pause(patience);
    } catch {
      // The sync goes on, meets the same trouble, and says so.
    } finally {
      evidence.begin('all');
    }
  }

  /** As they are listed: of a one-to-one conversation's duplicates, another may stand for it by now. */
  #pinned(): ReadonlySet<ConversationId> {
    const { duplicates } = this.#context.session.pending.index();
    return new Set(this.#options.pinned.map((id) => duplicates.get(id) ?? id));
  }

  /** Whether nobody wrote since: what is stale need not be looked for, which would list everything. */
  #isQuiet(): boolean {
    const since = this.#quietSince();
    return [...this.#newest.values()].every(({ at }) => at <= since);
  }

  /** In nanoseconds, by the node's clock. */
  #quietSince(): bigint {
    return BigInt(Math.max(0, this.#options.quietSince - clockMargin)) * 1_000_000n;
  }

  /** Conversations of the wanted states that have something which is not here, as far as times tell. */
  #staleNewestFirst(): readonly ConversationId[] {
    const { byId, duplicates } = this.#context.session.pending.index();
    const stale = new Map<ConversationId, bigint>();
    const quietSince = this.#quietSince();
    for (const [group, { at, isCommit }] of this.#newest) {
      const id = duplicates.get(group as ConversationId) ?? (group as ConversationId);
      const listed = byId.get(id);
      if (listed === undefined) continue;
      const { lastMessageAt } = listed;
      if (lastMessageAt !== null && at <= lastMessageAt) continue;
      // The commit that added this installation, mostly, where nobody ever wrote.
      if (lastMessageAt === null && isCommit && at <= quietSince) continue;
      if (!this.#options.consent.includes(fromLibConsent(listed.conversation.consentState())))
        continue;
      if (at > (stale.get(id) ?? 0n)) stale.set(id, at);
    }
    return [...stale].sort(([, a], [, b]) => (a < b ? 1 : -1)).map(([id]) => id);
  }
}
