/**
 * What may have changed since the store last had everything. A reading hands it out under a token; the
 * store's next cursor carries that token if the reading arrived whole, and if it does not, what was
 * handed out is still pending. So nothing is forgotten between libxmtp and the store, and nothing that
 * did not change is read again.
 */
import type { ConversationId } from '../shared/ids.ts';
import type { ConversationIndex } from './conversation-index.ts';
import type { ObservedCall } from './traffic/evidence.ts';

/** What the store was told of conversations beside their messages. */
type Reported = Pick<ConversationIndex, 'consents' | 'imported'>;

interface HandedOut {
  readonly token: string;
  readonly groups: ReadonlySet<string>;
  readonly before: Reported;
}

export interface Handed {
  readonly changed: ReadonlySet<ConversationId>;
  /** Of them, those that the store has never heard of: all their messages are news to it. */
  readonly fresh: ReadonlySet<ConversationId>;
}

export class PendingChanges {
  #index: ConversationIndex;
  /** Whether libxmtp may list other conversations, or others' consents, than the index does. */
  #indexIsStale = false;
  #reported: Reported;
  #groups = new Set<string>();
  #handedOut: HandedOut | null = null;

  /** @param index what is known when the session opens: earlier sessions reported it, or ended uncleanly. */
  constructor(index: ConversationIndex) {
    this.#index = index;
    this.#reported = reportedOf(index);
  }

  /** Hears of a call: a fetched group may have new messages, a welcome is a new conversation. */
  addCall({ method, groupId, found, outcome }: ObservedCall): void {
    if (!outcome.ok) return;
    if (groupId !== null) this.addConversation(groupId);
    else if (method === 'QueryWelcomeMessages' && found) this.#indexIsStale = true;
  }

  /** Hears from a stream, or from an operation, that a conversation may have changed. */
  addConversation(groupId: string): void {
    this.#groups.add(groupId);
    // A group that is not listed is new, or a device-sync group: those carry consents.
    const id = groupId as ConversationId;
    if (!this.#index.byId.has(id) && !this.#index.duplicates.has(id)) this.#indexIsStale = true;
  }

  /** Consents or the list itself may have changed without any group being fetched. */
  addUnknown(): void {
    this.#indexIsStale = true;
  }

  /** The conversations as libxmtp has them now; `read` is called only if they may have changed. */
  index(read: () => ConversationIndex): ConversationIndex {
    if (this.#indexIsStale) {
      this.#index = read();
      this.#indexIsStale = false;
    }
    return this.#index;
  }

  /**
   * Hands out which conversations may have changed, under a token.
   * @param acknowledged the token of the last reading that the store has whole; null for none.
   */
  handOut(token: string, acknowledged: string | null, read: () => ConversationIndex): Handed {
    const last = this.#handedOut;
    if (last !== null && last.token !== acknowledged) {
      for (const group of last.groups) this.#groups.add(group);
      this.#reported = last.before;
    }
    const index = this.index(read);
    const { duplicates, byId } = index;
    const changed = new Set<ConversationId>();
    const fresh = new Set<ConversationId>();
    for (const group of this.#groups) {
      const id = duplicates.get(group as ConversationId) ?? (group as ConversationId);
      if (byId.has(id)) changed.add(id);
    }
    const before = this.#reported;
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
    return { changed, fresh };
  }
}

/** Only what is compared: an index holds libxmtp's objects. */
function reportedOf({ consents, imported }: ConversationIndex): Reported {
  return { consents, imported };
}
