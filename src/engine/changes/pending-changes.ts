/**
 * What may have changed since the store last had everything. Each delivery has a token, and the store's
 * next cursor carries it once the delivery has arrived in full. A delivery that is not acknowledged stays
 * pending. So no change gets lost between libxmtp and the store, and nothing unchanged is read again.
 *
 * Consent changes show in the list of conversations. Reading that list costs more than the rest of a sync
 * that finds nothing, so it is read only when needed, but always before libxmtp hears an answer that may
 * change it. libxmtp's own worker applies what the sync groups brought at any later time and announces
 * nothing. The fingerprint of the list, carried by the store's cursor, reveals such changes.
 */
import type { ConversationId } from '../../shared/ids.ts';
import type { ConversationIndex } from '../conversations/conversation-index.ts';
import { fingerprintOf, indexStateOf, type IndexState } from './index-state.ts';
import type { ObservedCall } from '../traffic/evidence.ts';

/** The latest delivery, which the store may not have yet. */
interface PendingDelivery {
  readonly token: string;
  readonly groups: ReadonlySet<string>;
  /** The list as the delivery before left it. */
  readonly before: IndexState;
}

/** What the store's cursor acknowledges. */
export interface Acknowledged {
  /** Token of the last delivery that the store has in full; null for none. */
  readonly token: string | null;
  /** Fingerprint of the list in that delivery; null where it is unknown. */
  readonly fingerprint: string | null;
}

export interface Delivery {
  readonly changed: ReadonlySet<ConversationId>;
  /** Those of `changed` that are new to the store, which needs all of their messages. */
  readonly fresh: ReadonlySet<ConversationId>;
  /** What the store acknowledges once it has this delivery in full. */
  readonly fingerprint: string | null;
  /** Conversations that somebody waits for. */
  readonly first: ReadonlySet<ConversationId>;
}

export interface ConsentChange {
  readonly before: IndexState['consents'];
  readonly after: IndexState['consents'];
}

export class PendingChanges {
  readonly #read: () => ConversationIndex;
  /** Null until something may change it. */
  #index: ConversationIndex | null = null;
  /** Whether libxmtp may list other conversations, or other consent states, than the index does. */
  #indexIsStale = false;
  /** The first list of this session. */
  #initial: IndexState | null = null;
  /** The list as of the latest delivery. */
  #delivered: IndexState | null = null;
  #groups = new Set<string>();
  #first: ReadonlySet<ConversationId> = new Set();
  #lastDelivery: PendingDelivery | null = null;

  /** @param read lists the conversations as libxmtp has them now. */
  constructor(read: () => ConversationIndex) {
    this.#read = read;
  }

  /**
   * Must run before anything that may change the list or a consent state without a call that `addCall`
   * hears of first. Idempotent.
   */
  remember(): void {
    if (this.#index !== null) return;
    this.#index = this.#read();
    this.#initial = indexStateOf(this.#index);
    this.#delivered = this.#initial;
  }

  /**
   * Hears of a call before libxmtp hears its answer: a fetched group may have new messages, and a welcome
   * is a new conversation. If this throws, libxmtp must not get the answer.
   */
  addCall({ method, groupId, found, outcome }: ObservedCall): void {
    if (!outcome.ok) return;
    if (groupId !== null) this.addConversation(groupId);
    else if (method === 'QueryWelcomeMessages' && found) this.addUnknown();
  }

  /** A stream or an operation says that this conversation may have changed. */
  addConversation(groupId: string): void {
    this.#groups.add(groupId);
    this.remember();
    // A group that is not listed is either new or a device-sync group, and those carry consent states.
    const id = groupId as ConversationId;
    const isListed = this.#index?.byId.has(id) === true || this.#index?.duplicates.has(id) === true;
    if (!isListed) this.#indexIsStale = true;
  }

  /** Consent states or the list may have changed, although no group was fetched. */
  addUnknown(): void {
    this.remember();
    this.#indexIsStale = true;
  }

  /** The next delivery starts with these. */
  deliverFirst(ids: readonly ConversationId[]): void {
    this.#first = new Set(ids);
  }

  /** The conversations as libxmtp has them now. Reads them again only if they may have changed. */
  index(): ConversationIndex {
    this.remember();
    if (this.#index === null || this.#indexIsStale) {
      this.#index = this.#read();
      this.#indexIsStale = false;
    }
    return this.#index;
  }

  /** As `index`, but null where nothing has needed the list so far. */
  knownIndex(): ConversationIndex | null {
    return this.#index === null ? null : this.index();
  }

  /** Returns a function that says how consents changed since; null where nothing can have changed them. */
  watchConsents(): () => ConsentChange | null {
    const known = this.#index === null ? null : this.index();
    return () => {
      const before = known ?? this.#initial;
      if (before === null) return null;
      const after = this.index().consents;
      return after === before.consents ? null : { before: before.consents, after };
    };
  }

  /** Says which conversations may have changed since the acknowledged delivery. */
  deliver(token: string, acknowledged: Acknowledged): Delivery {
    const first = this.#first;
    this.#first = new Set();
    const { fingerprint } = acknowledged;
    if (this.#index === null) return { changed: new Set(), fresh: new Set(), fingerprint, first };
    const last = this.#lastDelivery;
    if (last !== null && last.token !== acknowledged.token) {
      for (const group of last.groups) this.#groups.add(group);
      this.#delivered = last.before;
    }
    const index = this.index();
    const { duplicates, byId } = index;
    const before = this.#delivered ?? indexStateOf(index);
    // The list changed unnoticed, before this session or during it: any conversation may differ.
    const isUnknown =
      last === null && fingerprint !== null && fingerprint !== fingerprintOf(before);
    if (isUnknown) for (const id of byId.keys()) this.#groups.add(id);
    const changed = new Set<ConversationId>();
    const fresh = new Set<ConversationId>();
    for (const group of this.#groups) {
      const id = duplicates.get(group as ConversationId) ?? (group as ConversationId);
      if (byId.has(id)) changed.add(id);
    }
    if (index.consents !== before.consents) {
      for (const [id, consent] of index.consents) {
        const known = before.consents.get(id);
        if (known === undefined) fresh.add(id);
        const isOther = known !== consent || before.imported.has(id) !== index.imported.has(id);
        if (isOther) changed.add(id);
      }
    }
    this.#lastDelivery = { token, groups: this.#groups, before };
    this.#groups = new Set();
    this.#delivered = indexStateOf(index);
    return { changed, fresh, fingerprint: fingerprintOf(this.#delivered), first };
  }
}
