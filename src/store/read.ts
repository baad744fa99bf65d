/**
 * The store's read half, for pages. Opens what the background has made, when it is first needed; while
 * there is nothing yet, everything answers empty.
 */
import type { Account } from '../shared/account.ts';
import type { ConnectionStatus } from '../shared/connection-status.ts';
import type { AccountId } from '../shared/ids.ts';
import { neverLive } from '../shared/live-status.ts';
import { defaultSettings } from '../shared/settings.ts';
import {
  lookAtDerived,
  lookAtOwned,
  type DerivedDatabase,
  type OwnedDatabase,
} from './database.ts';
import { listenToFeed } from './feed.ts';
import { lastAccount, rememberAccount } from './last-account.ts';
import { noBackupSchedule } from './owned/backup-schedule.ts';
import { callsToday } from './owned/calls.ts';
import {
  allPins,
  conversationsByActivity,
  countByConsent,
  messagesNewestFirst,
  ownedValue,
  pinnedConversations,
  runsInState,
  runsNewestFirst,
  withoutBackupKey,
  withoutUnprotectedKey,
} from './reader-queries.ts';
import type { StoreReader } from './reader.ts';

/** Before the background has ever written one. */
const neverConnected: ConnectionStatus = { state: 'resting', since: 0 };

/** Keeps one connection, and forgets it when it is missing or gone so that the next read looks again. */
function lazily<Key, Database extends { close(): void }>(
  open: (key: Key, onGone: () => void) => Promise<Database | null>,
) {
  let current: { readonly key: Key; readonly opening: Promise<Database | null> } | null = null;
  const drop = () => {
    const dropped = current;
    current = null;
    void dropped?.opening.then((database) => database?.close()).catch(() => undefined);
  };
  return {
    async get(key: Key): Promise<Database | null> {
      if (current !== null && current.key !== key) drop();
      if (current === null) {
        const mine = {
          key,
          opening: open(key, () => {
            if (current === mine) current = null;
          }),
        };
        current = mine;
        const database = await mine.opening.catch((error: unknown) => {
          if (current === mine) current = null;
          throw error;
        });
        if (database === null && current === mine) current = null;
        return database;
      }
      return current.opening;
    },
    drop,
  };
}

/** Opens the read half. Nothing is touched until the first query. */
export function openStoreReader(): StoreReader {
  const ownedConnection = lazily<'owned', OwnedDatabase>((_key, onGone) => lookAtOwned({ onGone }));
  const derivedConnection = lazily<AccountId, DerivedDatabase>((accountId, onGone) =>
    lookAtDerived(accountId, { onGone }),
  );

  const owned = () => ownedConnection.get('owned');
  const account = async (): Promise<Account | null> => {
    const database = await owned();
    return database === null ? null : ((await ownedValue(database, 'account')) ?? null);
  };
  /** The databases change hands rarely, so the account is asked for once and again after changes. */
  let accountId: Promise<AccountId | null> | null = null;
  const derived = async (): Promise<DerivedDatabase | null> => {
    if (accountId === null) {
      accountId = account().then((found) => found?.id ?? null);
      // Most likely the same as last time: its database opens beside the question.
      const likely = lastAccount();
      if (likely !== null) void derivedConnection.get(likely).catch(() => undefined);
    }
    const id = await accountId;
    if (id !== null) {
      rememberAccount(id);
      return derivedConnection.get(id);
    }
    accountId = null;
    return null;
  };
  const stopWatchingAccount = listenToFeed(({ topics }) => {
    if (topics.includes('account')) accountId = null;
  });

  return {
    async account() {
      const found = await account();
      return found === null ? null : withoutUnprotectedKey(found);
    },
    async signatureRequest() {
      const database = await owned();
      return database === null ? null : ((await ownedValue(database, 'signatureRequest')) ?? null);
    },
    async walletLink() {
      const database = await owned();
      return database === null ? null : ((await ownedValue(database, 'walletLink')) ?? null);
    },
    async settings() {
      const database = await owned();
      const stored = database === null ? undefined : await ownedValue(database, 'settings');
      return { ...defaultSettings, ...stored };
    },
    async connection() {
      const database = await owned();
      const stored = database === null ? undefined : await ownedValue(database, 'connection');
      return stored ?? neverConnected;
    },
    async runs({ limit, before }) {
      const database = await owned();
      if (database === null) return [];
      const last = before === null ? null : ((await database.get('runs', before)) ?? null);
      return runsNewestFirst(database, last, limit);
    },
    async run(id) {
      return (await (await owned())?.get('runs', id)) ?? null;
    },
    async activeRun() {
      const database = await owned();
      if (database === null) return null;
      const [running] = await runsInState(database, 'running');
      if (running !== undefined) return running;
      const [queued] = await runsInState(database, 'queued');
      return queued ?? null;
    },
    async lastEndedRun() {
      const database = await owned();
      if (database === null) return null;
      const newest = await runsNewestFirst(database, null, 10);
      return newest.find(({ state }) => state !== 'queued' && state !== 'running') ?? null;
    },
    async completeness() {
      const database = await owned();
      return database === null ? null : ((await ownedValue(database, 'completeness')) ?? null);
    },
    async rebuild() {
      const database = await owned();
      return database === null ? null : ((await ownedValue(database, 'rebuild')) ?? null);
    },
    async live() {
      const database = await owned();
      return (database === null ? undefined : await ownedValue(database, 'live')) ?? neverLive;
    },
    async callsToday() {
      const database = await owned();
      const schedule = database === null ? undefined : await ownedValue(database, 'schedule');
      return schedule === undefined ? 0 : callsToday(schedule, Date.now());
    },
    async conversations({ consent, limit, after }) {
      const database = await derived();
      return database === null ? [] : conversationsByActivity(database, consent, after, limit);
    },
    async pinned() {
      // Asked for beside the account: neither waits for the other.
      const [pins, database] = await Promise.all([owned().then(allPins), derived()]);
      const id = await accountId;
      if (database === null) return [];
      const mine = pins.filter((pin) => pin.accountId === id);
      return pinnedConversations(database, mine);
    },
    async conversation(id) {
      return (await (await derived())?.get('conversations', id)) ?? null;
    },
    async dmWith(inboxId) {
      const all = (await (await derived())?.getAll('conversations')) ?? [];
      return all.find(({ peer }) => peer?.inboxId === inboxId) ?? null;
    },
    async countConversations(consent) {
      const database = await derived();
      return database === null ? 0 : countByConsent(database, consent);
    },
    async members(id) {
      return (await (await derived())?.get('members', id))?.members ?? [];
    },
    async messages({ conversationId, limit, before }) {
      const database = await derived();
      return database === null ? [] : messagesNewestFirst(database, conversationId, before, limit);
    },
    async outbox(conversationId) {
      const range = IDBKeyRange.bound([conversationId], [conversationId, Infinity]);
      return (await (await owned())?.getAllFromIndex('outbox', 'byConversation', range)) ?? [];
    },
    async readPosition(conversationId) {
      const database = await owned();
      const id = (await account())?.id;
      if (database === null || id === undefined) return null;
      return (await database.get('readPositions', [id, conversationId]))?.until ?? null;
    },
    async historyRequests({ limit }) {
      const database = await owned();
      if (database === null) return [];
      const all = await database.getAllFromIndex('history', 'byRequest');
      return all.reverse().slice(0, limit);
    },
    async transfers({ limit }) {
      const database = await owned();
      if (database === null) return [];
      const all = await database.getAllFromIndex('transfers', 'byTime');
      return all.reverse().slice(0, limit);
    },
    async archives() {
      const database = await owned();
      return database === null ? null : ((await ownedValue(database, 'archives')) ?? null);
    },
    async backups({ limit }) {
      const database = await owned();
      if (database === null) return [];
      const all = await database.getAllFromIndex('backups', 'byTime');
      return all.reverse().slice(0, limit).map(withoutBackupKey);
    },
    async backupSchedule() {
      const database = await owned();
      const stored = database === null ? undefined : await ownedValue(database, 'backupSchedule');
      return withoutBackupKey(stored ?? noBackupSchedule);
    },
    subscribe: listenToFeed,
    close() {
      stopWatchingAccount();
      ownedConnection.drop();
      derivedConnection.drop();
    },
  };
}
