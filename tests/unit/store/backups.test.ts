/** Backups in the owned database: what is kept, what pages see, and the version before there were any. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test } from 'vitest';
import type { StoredBackupJob } from '../../../src/shared/backup.ts';
import { openStoreReader } from '../../../src/store/read.ts';
import { openStore } from '../../../src/store/write.ts';

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});

const key = { kdf: { name: 'none' }, secret: new Uint8Array(16).fill(0xee) } as const;
const job = (id: string, at: number) =>
  ({
    id,
    accountId: 'a1',
    at,
    kind: 'made',
    options: null,
    name: 'x.lockstep',
    file: null,
    checked: null,
    cutOff: 0,
    state: { kind: 'working', step: 'making', done: 0, total: null },
    key,
  }) as unknown as StoredBackupJob;

test('pages see jobs and the schedule, newest first, and never what opens a file', async () => {
  const store = openStore();
  await store.owned.backups.put(job('1', 1));
  await store.owned.backups.put(job('2', 2));
  await store.owned.backupSchedule.change((schedule) => ({ ...schedule, newMessages: 3, key }));
  const reader = openStoreReader();
  const jobs = await reader.backups({ limit: 10 });
  const schedule = await reader.backupSchedule();
  expect(jobs.map(({ id }) => id)).toEqual(['2', '1']);
  expect(schedule.newMessages).toBe(3);
  for (const record of [...jobs, schedule]) expect(record).not.toHaveProperty('key');
  expect((await store.owned.backupSchedule.read()).key).toEqual(key);
  reader.close();
  store.close();
});

test('a database of version 2 keeps what it has, and backups begin empty', async () => {
  await new Promise<void>((resolve, reject) => {
    const opening = indexedDB.open('lockstep', 2);
    opening.onupgradeneeded = () => {
      const { result } = opening;
      result.createObjectStore('values');
      const runs = result.createObjectStore('runs', { keyPath: 'id' });
      runs.createIndex('byRequest', ['requestedAt', 'id']);
      runs.createIndex('byState', 'state');
      const history = result.createObjectStore('history', { keyPath: 'id' });
      history.createIndex('byRequest', 'requestedAt');
      const outbox = result.createObjectStore('outbox', { keyPath: 'id' });
      outbox.createIndex('byConversation', ['conversationId', 'createdAt']);
      result.createObjectStore('consentIntents', { keyPath: 'conversationId' });
      result.createObjectStore('readPositions', { keyPath: ['accountId', 'conversationId'] });
      const transfers = result.createObjectStore('transfers', { keyPath: 'id' });
      transfers.createIndex('byTime', 'at');
      transfers.put({ id: 't1', at: 5, kind: 'sent', pin: 'summer' });
    };
    opening.onsuccess = () => {
      opening.result.close();
      resolve();
    };
    opening.onerror = () => reject(new Error(String(opening.error)));
  });
  const store = openStore();
  expect(await store.owned.transfers.all()).toEqual([
    { id: 't1', at: 5, kind: 'sent', pin: 'summer' },
  ]);
  expect(await store.owned.backups.all()).toEqual([]);
  await store.owned.backups.put(job('1', 1));
  expect(await store.owned.backups.all()).toHaveLength(1);
  store.close();
});
