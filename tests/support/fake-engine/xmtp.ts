/**
 * An inbox as libxmtp has it, and the network behind it, in memory. It outlives the background's processes,
 * as libxmtp's database does. Only what the background relies on: what a sync fetches, what is inserted in
 * which order, what consent decides.
 */
import type { ConsentFilter, ConsentState } from '../../../src/shared/consent.ts';
import type { ConversationSnapshot, Message } from '../../../src/shared/conversation.ts';
import type {
  ConversationId,
  InboxId,
  InstallationId,
  MessageId,
  Milliseconds,
} from '../../../src/shared/ids.ts';

export const self = 'e1'.repeat(32) as InboxId;
export const friend = 'f1'.repeat(32) as InboxId;
export const installation = 'a1'.repeat(32) as InstallationId;

interface Inserted {
  readonly message: Message;
  readonly at: number;
}

interface FakeConversation {
  readonly id: ConversationId;
  readonly name: string;
  readonly createdAt: Milliseconds;
  consent: ConsentState;
  /** Whether its welcome was processed. */
  joined: boolean;
  /** When it last changed, in insertion order. */
  changedAt: number;
  readonly network: Message[];
  readonly local: Inserted[];
}

export class FakeXmtp {
  readonly conversations = new Map<ConversationId, FakeConversation>();
  /** Messages that this installation published, by idempotency key; the network keeps each once. */
  readonly published = new Map<string, Message>();
  #sequence = 0;
  #clock: Milliseconds = 1_000;

  /** Somebody adds this inbox to a group. */
  invite(name: string, consent: ConsentState = 'unknown'): ConversationId {
    const id = idOf(this.conversations.size + 1) as ConversationId;
    this.conversations.set(id, {
      id,
      name,
      createdAt: this.#tick(),
      consent,
      joined: false,
      changedAt: 0,
      network: [],
      local: [],
    });
    return id;
  }

  /** Somebody writes. */
  write(id: ConversationId, text: string): Message {
    const message = this.#message(id, friend, text);
    this.#get(id).network.push(message);
    return message;
  }

  /** Processes welcomes. */
  join(): void {
    for (const conversation of this.conversations.values()) {
      if (conversation.joined) continue;
      conversation.joined = true;
      conversation.changedAt = this.#next();
    }
  }

  /** Fetches what is new. Answers whether there was anything. */
  fetch(id: ConversationId): boolean {
    const conversation = this.#get(id);
    const known = new Set(conversation.local.map(({ message }) => message.id));
    const fresh = conversation.network.filter((message) => !known.has(message.id));
    for (const message of fresh) conversation.local.push({ message, at: this.#next() });
    return fresh.length > 0;
  }

  joinedIn(consent: ConsentFilter): readonly ConversationId[] {
    return [...this.conversations.values()]
      .filter((one) => one.joined && consent.includes(one.consent))
      .map(({ id }) => id);
  }

  /** Null where libxmtp does not have it. */
  find(id: ConversationId): ConversationSnapshot | null {
    const found = this.conversations.get(id);
    return found?.joined === true ? snapshotOf(found) : null;
  }

  setConsent(id: ConversationId, consent: ConsentState): ConversationSnapshot {
    const conversation = this.#get(id);
    conversation.consent = consent;
    conversation.changedAt = this.#next();
    return snapshotOf(conversation);
  }

  /** The same key makes the same message, and publishes it once. */
  send(id: ConversationId, text: string, key: string): Message {
    const before = this.published.get(key);
    if (before !== undefined) return before;
    const message = this.#message(id, self, text);
    this.published.set(key, message);
    const conversation = this.#get(id);
    conversation.network.push(message);
    conversation.local.push({ message, at: this.#next() });
    return message;
  }

  messagesOf(id: ConversationId): readonly Message[] {
    return (this.conversations.get(id)?.local ?? []).map(({ message }) => message);
  }

  /** What was inserted or changed after a moment of the insertion order. */
  changesSince(since: number): {
    readonly conversations: readonly ConversationSnapshot[];
    readonly messages: readonly Message[];
    readonly now: number;
  } {
    const joined = [...this.conversations.values()].filter((one) => one.joined);
    const inserted = joined.flatMap(({ local }) => local.filter(({ at }) => at > since));
    const touched = joined.filter(
      ({ changedAt, local }) => changedAt > since || local.some(({ at }) => at > since),
    );
    return {
      conversations: touched.map(snapshotOf),
      messages: inserted.map(({ message }) => message),
      now: this.#sequence,
    };
  }

  consentOf(id: ConversationId): ConsentState | null {
    return this.conversations.get(id)?.consent ?? null;
  }

  #message(conversationId: ConversationId, sender: InboxId, text: string): Message {
    const sentAt = this.#tick();
    return {
      id: idOf(sentAt) as MessageId,
      conversationId,
      sender,
      sentAt,
      delivery: 'published',
      content: { type: 'text', text },
    };
  }

  #get(id: ConversationId): FakeConversation {
    const conversation = this.conversations.get(id);
    if (conversation === undefined) throw new Error(`no conversation ${id}`);
    return conversation;
  }

  #next(): number {
    return ++this.#sequence;
  }

  #tick(): Milliseconds {
    return ++this.#clock;
  }
}

function idOf(number: number): string {
  return number.toString(16).padStart(64, '0');
}

function snapshotOf({ id, name, consent, createdAt }: FakeConversation) {
  return {
    id,
    kind: 'group',
    name,
    description: null,
    imageUrl: null,
    peer: null,
    consent,
    addedBy: friend,
    createdAt,
    active: true,
    members: [
      { inboxId: self, addresses: [], role: 'member' },
      { inboxId: friend, addresses: [], role: 'super-admin' },
    ],
  } satisfies ConversationSnapshot;
}
