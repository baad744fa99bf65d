/**
 * Makes a large sync start with pinned conversations and those active last. libxmtp syncs in no particular
 * order, so this steps in at the beginning: libxmtp asks for each conversation's newest message, and before
 * it gets the answer, the first conversations are fetched and delivered to the store. libxmtp counts them
 * as its own and queries each once more, which finds nothing.
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

/** Conversations to fetch: with fewer, the whole sync takes hardly longer. */
const largeFrom = 40;
/** Milliseconds that the store has to apply the first delivery before the sync goes on. */
const patience = 20_000;
/** Milliseconds by which this device's clock may be ahead of the node's. Beyond that, only the order suffers. */
const clockMargin = 10 * 60_000;

export interface RecentFirstOptions {
  readonly consent: ConsentFilter;
  readonly pinned: readonly ConversationId[];
  /** Conversations without a message since then have nothing to fetch (shared/engine-protocol.ts). */
  readonly quietSince: Milliseconds;
  /** How many are synced one by one afterwards. They count towards the total. */
  readonly further: number;
}

export class RecentFirst implements CallWatcher {
  readonly #context: OperationContext;
  readonly #options: RecentFirstOptions;
  /** Answers still to come: libxmtp asks for a thousand conversations a call and makes all calls at once. */
  #awaited = 0;
  #isAnswered = false;
  readonly #newest = new Map<string, NewestMessage>();
  #begin: () => void = () => undefined;
  /** Starts once every answer that will come has come. */
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

  /** Holds the answers back until the first conversations are served. Never rejects: failed ones are fetched with the rest. */
  passing(method: string, answer: Uint8Array): void | Promise<void> {
    if (method !== newestMessagesMethod) return;
    for (const [group, message] of readNewestMessages(answer)) this.#newest.set(group, message);
    this.#isAnswered = true;
    this.#isOneLess();
    return this.#serving;
  }

  #isOneLess(): void {
    this.#awaited--;
    // libxmtp repeats failed calls. With no answer at all so far, the repetition is worth the wait.
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
      this.#context.session.pending.deliverFirst(first);
      emit({ type: 'recent-fetched' });
      await pause(patience);
    } catch {
      // The sync goes on, meets the same trouble and reports it.
    } finally {
      evidence.begin('all');
    }
  }

  /** By listed id: a different duplicate may stand for a one-to-one conversation by now. */
  #pinned(): ReadonlySet<ConversationId> {
    const { duplicates } = this.#context.session.pending.index();
    return new Set(this.#options.pinned.map((id) => duplicates.get(id) ?? id));
  }

  /** Whether nobody wrote since. Then nothing is stale, and the list need not be read. */
  #isQuiet(): boolean {
    const since = this.#quietSince();
    return [...this.#newest.values()].every(({ at }) => at <= since);
  }

  /** Nanoseconds by the node's clock. */
  #quietSince(): bigint {
    return BigInt(Math.max(0, this.#options.quietSince - clockMargin)) * 1_000_000n;
  }

  /** Conversations in the wanted consent states whose newest message, judging by times, is not here yet. */
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
      // Usually the commit that added this installation, where nobody ever wrote.
      if (lastMessageAt === null && isCommit && at <= quietSince) continue;
      if (!this.#options.consent.includes(fromLibConsent(listed.conversation.consentState())))
        continue;
      if (at > (stale.get(id) ?? 0n)) stale.set(id, at);
    }
    return [...stale].sort(([, a], [, b]) => (a < b ? 1 : -1)).map(([id]) => id);
  }
}
