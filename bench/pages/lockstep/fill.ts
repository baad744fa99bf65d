/** A synthetic inbox, written through the store's own write half: for sizes that no sync would reach. */
import type {
  Address,
  ConversationId,
  InboxId,
  InstallationId,
  MessageId,
} from '../../../src/shared/ids.ts';
import { newId } from '../../../src/shared/ids.ts';
import type { ConversationSnapshot, Message } from '../../../src/shared/conversation.ts';
import type { ReadyAccount } from '../../../src/shared/account.ts';
import { defaultSettings } from '../../../src/shared/settings.ts';
import { openStore } from '../../../src/store/write.ts';

interface Size {
  readonly conversations: number;
  readonly messagesEach: number;
}

const minute = 60_000;
/** Conversations in one transaction. */
const chunk = 25;

const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0');
const self = hex(1, 64) as InboxId;

export async function fill({ conversations, messagesEach }: Size): Promise<void> {
  const store = openStore();
  const account = syntheticAccount();
  const derived = store.derived(account.id);
  const now = Date.now();
  for (let first = 0; first < conversations; first += chunk) {
    const snapshots: ConversationSnapshot[] = [];
    const messages: Message[] = [];
    for (let i = first; i < Math.min(first + chunk, conversations); i++) {
      snapshots.push(snapshotOf(i, now));
      for (let j = 0; j < messagesEach; j++) messages.push(messageOf(i, j, now));
    }
    await derived.apply(
      {
        conversations: snapshots,
        messages,
        removed: [],
        cursor: String(first),
        remaining: conversations - first,
        done: false,
      },
      { self, floor: now, positions: new Map() },
    );
  }
  await store.owned.settings.put({ ...defaultSettings, syncInterval: null });
  await store.owned.account.put(account);
  store.close();
}

function syntheticAccount(): ReadyAccount {
  return {
    id: newId(),
    network: {
      kind: 'custom',
      nodeUrl: 'http://127.0.0.1:9',
      historyUrl: 'http://127.0.0.1:9',
    },
    signer: {
      kind: 'local',
      address: `0x${hex(1, 40)}` as Address,
      key: { kind: 'none' },
    },
    databaseName: 'synthetic',
    createdAt: Date.now(),
    phase: 'ready',
    inboxId: self,
    installationId: hex(2, 64) as InstallationId,
  };
}

const conversationId = (i: number) => hex(i + 1, 32) as ConversationId;
const peerOf = (i: number) => hex(i + 1000, 64) as InboxId;
/** Conversations were last active a minute apart. */
const activityOf = (i: number, now: number) => now - i * minute;

function snapshotOf(i: number, now: number): ConversationSnapshot {
  const isGroup = i % 2 === 1;
  return {
    id: conversationId(i),
    kind: isGroup ? 'group' : 'dm',
    name: isGroup ? `Reading circle ${i}` : null,
    description: null,
    imageUrl: null,
    peer: isGroup ? null : { inboxId: peerOf(i), address: `0x${hex(i + 1000, 40)}` as Address },
    consent: 'allowed',
    addedBy: peerOf(i),
    createdAt: now - 400 * 24 * 60 * minute,
    active: true,
    members: [
      { inboxId: self, addresses: [`0x${hex(1, 40)}` as Address], role: 'member' },
      { inboxId: peerOf(i), addresses: [`0x${hex(i + 1000, 40)}` as Address], role: 'admin' },
    ],
  };
}

function messageOf(i: number, j: number, now: number): Message {
  return {
    id: hex(i * 1000 + j + 1, 64) as MessageId,
    conversationId: conversationId(i),
    sender: j % 3 === 0 ? self : peerOf(i),
    sentAt: activityOf(i, now) - j * 1000,
    delivery: 'published',
    content: { type: 'text', text: `Message ${j} of conversation ${i}: the train is late.` },
  };
}
