/**
 * What may have changed since the store last had everything. A reading hands it out under a token; the
 * store's next cursor carries that token if the reading arrived whole, and if it does not, what was
 * handed out is still pending. So nothing is forgotten between libxmtp and the store, and nothing that
 * did not change is read again.
 *
 * Consents are found by comparing the list of conversations with what the store was told. The list costs
 * more than all the rest of a sync with nothing new, so it is read when it is first needed, and that is
 * always before libxmtp hears what may change it. What libxmtp does beside us (its own worker takes up
 * what the sync groups brought, at any time later) announces itself to nobody: that a list is still the
 * one that the store was told of is seen by its fingerprint, which the store's cursor carries.
 */
import type { ConversationId } from '../../shared/ids.ts';
import type { ConversationIndex } from '../conversations/conversation-index.ts';
import { fingerprintOf, reportedOf, type Reported } from './reported.ts';
import type { ObservedCall } from '../traffic/evidence.ts';

interface HandedOut {
  readonly token: string;
  readonly groups: ReadonlySet<string>;
  readonly before: Reported;
}

/** What the store's cursor says of the last reading that it has whole. */
export interface Acknowledged {
  /** Its token; null for none. */
  readonly done: string | null;
  /** The fingerprint of the list that it was told; null where that is not known. */
  readonly reported: string | null;
}

export interface Handed {
  readonly changed: ReadonlySet<ConversationId>;
  /** Of them, those that the store has never heard of: all their messages are news to it. */
  readonly fresh: ReadonlySet<ConversationId>;
  /** What the store may be said to have been told when it has this reading whole. */
  readonly reported: string | null;
  /** Those that somebody waits for. */
  readonly first: ReadonlySet<ConversationId>;
}

export interface ConsentsCompared {
  readonly before: Reported['consents'];
  readonly after: Reported['consents'];
}

export class PendingChanges {
  readonly #read: () => ConversationIndex;
  /** Null until something may change it. */
  #index: ConversationIndex | null = null;
  /** Whether libxmtp may list other conversations, or others' consents, than the index does. */
  #indexIsStale = false;
  /** The first list of this session. */
  #baseline: Reported | null = null;
  #reported: Reported | null = null;
  #groups = new Set<string>();
  #first: ReadonlySet<ConversationId> = new Set();
  #handedOut: HandedOut | null = null;

  /** @param read lists the conversations as libxmtp has them now. */
  constructor(read: () => ConversationIndex) {
    this.#read = read;
  }

  /**
   * Must be called before anything that may change the list, or consents, without a call that `addCall`
   * hears of first. Calling it again changes nothing.
   */
  remember(): void {
    if (this.#index !== null) return;
    this.#index = this.#read();
    this.#baseline = reportedOf(this.#index);
    this.#reported = this.#baseline;
  }

  /**
   * Hears of a call before libxmtp hears its answer: a fetched group may have new messages, a welcome is
   * a new conversation. What it throws must keep the answer from libxmtp.
   */
  addCall({ method, groupId, found, outcome }: ObservedCall): void {
    if (!outcome.ok) return;
    if (groupId !== null) this.addConversation(groupId);
    else if (method === 'QueryWelcomeMessages' && found) this.addUnknown();
  }

  /** Hears from a stream, or from an operation, that a conversation may have changed. */
  addConversation(groupId: string): void {
    this.#groups.add(groupId);
    this.remember();
    // A group that is not listed is new, or a device-sync group: those carry consents.
    const id = groupId as ConversationId;
    const isListed = this.#index?.byId.has(id) === true || this.#index?.duplicates.has(id) === true;
    if (!isListed) this.#indexIsStale = true;
  }

  /** Consents or the list itself may have changed without any group being fetched. */
  addUnknown(): void {
    this.remember();
    this.#indexIsStale = true;
  }

  /** When changes are handed out next, these come before the others. */
  waitFor(ids: readonly ConversationId[]): void {
    this.#first = new Set(ids);
  }

  /** The conversations as libxmtp has them now; they are read only if they may have changed. */
  index(): ConversationIndex {
    this.remember();
    if (this.#index === null || this.#indexIsStale) {
      this.#index = this.#read();
      this.#indexIsStale = false;
    }
    return this.#index;
  }

  /** The same, where changes are going to be looked for in them anyway; else null. */
  knownIndex(): ConversationIndex | null {
    return this.#index === null ? null : this.index();
  }

  /** From now on; what is answered compares, and says null where nothing can have changed meanwhile. */
  watchConsents(): () => ConsentsCompared | null {
    const known = this.#index === null ? null : this.index();
    return () => {
      const before = known ?? this.#baseline;
      if (before === null) return null;
      const after = this.index().consents;
      return after === before.consents ? null : { before: before.consents, after };
    };
  }

  /** Hands out which conversations may have changed, under a token. */
  handOut(token: string, { done, reported }: Acknowledged): Handed {
    const first = this.#first;
    this.#first = new Set();
    if (this.#index === null) return { changed: new Set(), fresh: new Set(), reported, first };
    const last = this.#handedOut;
    if (last !== null && last.token !== done) {
      for (const group of last.groups) this.#groups.add(group);
      this.#reported = last.before;
    }
    const index = this.index();
    const { duplicates, byId } = index;
    const before = this.#reported ?? reportedOf(index);
    // Something changed behind our back, before this session or in it: it may be any of them.
    const isUntold = last === null && reported !== null && reported !== fingerprintOf(before);
    if (isUntold) for (const id of byId.keys()) this.#groups.add(id);
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
    this.#handedOut = { token, groups: this.#groups, before };
    this.#groups = new Set();
    this.#reported = reportedOf(index);
    return { changed, fresh, reported: fingerprintOf(this.#reported), first };
  }
}
