/**
 * Everything that the node stores. All of it follows from the journal's records, in order; a write is
 * journaled before it is visible.
 */
import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { JournalRecordSchema, type JournalRecord } from '../gen/lockstep/network/v1/journal_pb.ts';
import type { IdentityUpdate } from '../gen/xmtp/identity/associations/association_pb.ts';
import type {
  GroupMessage,
  GroupMessage_V1,
  WelcomeMessage,
} from '../gen/xmtp/mls/api/v1/mls_pb.ts';
import type { CommitLogEntry } from '../gen/xmtp/mls/message_contents/content_pb.ts';
import type { NetworkClock } from './clock.ts';
import { InboxDirectory } from './inbox-directory.ts';
import type { Journal } from './journal.ts';
import { keyOf, TopicLog } from './topic-log.ts';

export interface IdentityLogEntry {
  readonly sequenceId: bigint;
  readonly serverTimestampNs: bigint;
  readonly update: IdentityUpdate;
}

const encoder = new TextEncoder();
const inboxTopic = (inboxId: string): Uint8Array => encoder.encode(inboxId);

type Change = NonNullable<MessageInitShape<typeof JournalRecordSchema>['record']>;
/** A group message as it arrives: its id and time are the node's. */
export type NewGroupMessage = Omit<GroupMessage_V1, '$typeName' | '$unknown' | 'id' | 'createdNs'>;
export type NewCommitLogEntry = Omit<CommitLogEntry, 'sequenceId' | '$typeName'> & {
  readonly groupId: Uint8Array;
};

export class NetworkState {
  readonly groupMessages = new TopicLog<GroupMessage>();
  readonly welcomes = new TopicLog<WelcomeMessage>();
  readonly commitLog = new TopicLog<CommitLogEntry>();
  readonly #identity = new TopicLog<IdentityLogEntry>();
  readonly #identityLogs = new Map<string, IdentityLogEntry[]>();
  readonly #keyPackages = new Map<string, Uint8Array>();
  readonly inboxes = new InboxDirectory();
  readonly #clock: NetworkClock;
  readonly #journal: Journal | null;

  /** @param journal null keeps everything in memory only. */
  constructor(clock: NetworkClock, journal: Journal | null) {
    this.#clock = clock;
    this.#journal = journal;
    for (const record of journal?.records ?? []) {
      this.#apply(fromBinary(JournalRecordSchema, record));
    }
  }

  /** Stores all of them or, throwing, none; those that are there already are passed over. */
  addGroupMessages(messages: readonly NewGroupMessage[]): void {
    const fresh = this.groupMessages.fresh(messages, ({ groupId, data }) => [groupId, data]);
    let id = this.groupMessages.nextId();
    this.#write(
      fresh.map((message) => {
        const value = { ...message, id: id++, createdNs: this.#clock.nowNs() };
        return { case: 'groupMessage', value: { version: { case: 'v1', value } } };
      }),
    );
  }

  /** As for group messages. Each welcome is complete but for its id and time, which are set here. */
  addWelcomes(welcomes: readonly WelcomeMessage[]): void {
    const fresh = this.welcomes.fresh(welcomes, ({ version }) => [
      version.value?.installationKey ?? new Uint8Array(),
      welcomePayload(version),
    ]);
    let id = this.welcomes.nextId();
    for (const { version } of fresh) {
      if (version.case === undefined) continue;
      version.value.id = id++;
      version.value.createdNs = this.#clock.nowNs();
    }
    this.#write(fresh.map((value) => ({ case: 'welcomeMessage', value })));
  }

  addCommitLogEntries(entries: readonly NewCommitLogEntry[]): void {
    let sequenceId = this.commitLog.nextId();
    this.#write(
      entries.map(({ groupId, ...entry }) => ({
        case: 'commitLogEntry',
        value: { groupId, entry: { ...entry, sequenceId: sequenceId++ } },
      })),
    );
  }

  setKeyPackage(installationKey: Uint8Array, tlsSerialized: Uint8Array): void {
    this.#write([{ case: 'keyPackage', value: { installationKey, tlsSerialized } }]);
  }

  keyPackage(installationKey: Uint8Array): Uint8Array | null {
    return this.#keyPackages.get(keyOf(installationKey)) ?? null;
  }

  addIdentityUpdate(update: IdentityUpdate): void {
    const sequenceId = this.#identity.nextId();
    const serverTimestampNs = this.#clock.nowNs();
    this.#write([{ case: 'identityUpdate', value: { sequenceId, serverTimestampNs, update } }]);
  }

  /** An inbox's log after a sequence id. */
  identityLog(inboxId: string, after: bigint): readonly IdentityLogEntry[] {
    const log = this.#identityLogs.get(inboxId) ?? [];
    return after === 0n ? log : log.filter(({ sequenceId }) => sequenceId > after);
  }

  #write(changes: readonly Change[]): void {
    if (changes.length === 0) return;
    const records = changes.map((record) => create(JournalRecordSchema, { record }));
    this.#journal?.append(records.map((record) => toBinary(JournalRecordSchema, record)));
    for (const record of records) this.#apply(record);
  }

  #apply({ record }: JournalRecord): void {
    switch (record.case) {
      case 'groupMessage': {
        const { version } = record.value;
        if (version.case !== 'v1') return;
        const { groupId, id, data } = version.value;
        this.groupMessages.add(groupId, id, record.value, data);
        break;
      }
      case 'welcomeMessage': {
        const { version } = record.value;
        if (version.case === undefined) return;
        const { installationKey, id } = version.value;
        this.welcomes.add(installationKey, id, record.value, welcomePayload(version));
        break;
      }
      case 'keyPackage':
        this.#keyPackages.set(keyOf(record.value.installationKey), record.value.tlsSerialized);
        break;
      case 'identityUpdate':
        this.#applyIdentity(record.value);
        break;
      case 'commitLogEntry': {
        const { groupId, entry } = record.value;
        if (entry !== undefined) this.commitLog.add(groupId, entry.sequenceId, entry, null);
        break;
      }
      case undefined:
        break;
    }
  }

  #applyIdentity({
    sequenceId,
    serverTimestampNs,
    update,
  }: {
    sequenceId: bigint;
    serverTimestampNs: bigint;
    update?: IdentityUpdate | undefined;
  }): void {
    if (update === undefined) return;
    const entry = { sequenceId, serverTimestampNs, update };
    this.#identity.add(inboxTopic(update.inboxId), sequenceId, entry, null);
    const log = this.#identityLogs.get(update.inboxId);
    if (log === undefined) this.#identityLogs.set(update.inboxId, [entry]);
    else log.push(entry);
    this.inboxes.apply(update);
  }
}

/** What makes two welcomes of one installation the same. */
function welcomePayload(version: WelcomeMessage['version']): Uint8Array {
  switch (version.case) {
    case 'v1':
      return version.value.data;
    case 'welcomePointer':
      return version.value.welcomePointer;
    case undefined:
      return new Uint8Array();
  }
}
