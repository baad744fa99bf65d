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
import type { OperationContext } from '../session.ts';
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

export class RecentFirst {
  readonly #context: OperationContext;
  readonly #options: RecentFirstOptions;
  #isBegun = false;

  constructor(context: OperationContext, options: RecentFirstOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** Sees an answer before libxmtp does. Never rejects: what fails here is fetched with the rest. */
  async passing(method: string, answer: Uint8Array): Promise<void> {
    if (method !== newestMessagesMethod || this.#isBegun) return;
    this.#isBegun = true;
    const { evidence, emit, pause } = this.#context;
    const newest = readNewestMessages(answer);
    const stale = this.#isQuiet(newest) ? [] : this.#staleNewestFirst(newest);
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
  #isQuiet(newest: ReadonlyMap<string, NewestMessage>): boolean {
    const since = this.#quietSince();
    return [...newest.values()].every(({ at }) => at <= since);
  }

  /** In nanoseconds, by the node's clock. */
  #quietSince(): bigint {
    return BigInt(Math.max(0, this.#options.quietSince - clockMargin)) * 1_000_000n;
  }

  /** Conversations of the wanted states that have something which is not here, as far as times tell. */
  #staleNewestFirst(newest: ReadonlyMap<string, NewestMessage>): readonly ConversationId[] {
    const { byId, duplicates } = this.#context.session.pending.index();
    const stale = new Map<ConversationId, bigint>();
    const quietSince = this.#quietSince();
    for (const [group, { at, isCommit }] of newest) {
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
