/** Every version that a browser may still have opens as the newest one, with all that was stored. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrateOwned, ownedDatabaseVersion } from '../../../src/store/owned/migrations.ts';
import { openStore, type Store } from '../../../src/store/write.ts';

const baseline = { installationId: 'i1', calls: [] };

/** What a browser stored at a version: single records by key, and records by object store. */
interface Fixture {
  readonly version: number;
  readonly values: Readonly<Record<string, unknown>>;
  readonly records: Readonly<Record<string, readonly object[]>>;
}

const versionOne: Fixture = {
  version: 1,
  values: {
    account: {
      id: 'a1',
      phase: 'ready',
      signer: { kind: 'local', address: '0x00', privateKey: new Uint8Array([1, 2]) },
    },
    settings: { interval: 300 },
    schedule: { failures: {}, notBefore: 7, comparedAt: 1_700_000_000_000, unfinished: ['c1'] },
    quietSync: baseline,
  },
  records: {
    runs: [{ id: 'run1', requestedAt: 1, state: 'complete' }],
    history: [
      {
        id: 'r1',
        requestedAt: 5,
        others: [{ id: 'i1', createdAt: 1 }],
        state: { kind: 'sent', since: 6, times: 1 },
      },
    ],
    outbox: [{ id: 'o1', conversationId: 'c1', createdAt: 2, state: { kind: 'waiting' } }],
    consentIntents: [{ accountId: 'a1', conversationId: 'c1', consent: 'denied' }],
    readPositions: [{ accountId: 'a1', conversationId: 'c1', until: 3 }],
  },
};
const request = { id: 'r1', requestedAt: 5, attempts: 2, state: { kind: 'sent', since: 6 } };
const versionTwo: Fixture = {
  ...versionOne,
  version: 2,
  values: { ...versionOne.values, schedule: { comparedAt: 0 } },
  records: {
    ...versionOne.records,
    history: [request],
    transfers: [{ id: 't1', at: 1, state: { kind: 'working' } }],
  },
};
const versionThree: Fixture = {
  version: 3,
  values: {
    ...versionTwo.values,
    schedule: { comparedAt: 1 },
    backupSchedule: { plan: null, newMessages: 4 },
  },
  records: {
    ...versionTwo.records,
    backups: [{ id: 'b1', at: 1, kind: 'made', state: { kind: 'made' }, file: 'f' }],
  },
};
const versionFour: Fixture = {
  version: 4,
  values: versionThree.values,
  records: {
    ...versionThree.records,
    pins: [{ accountId: 'a1', conversationId: 'c1', pinnedAt: 8 }],
  },
};
const released = [versionOne, versionTwo, versionThree, versionFour];

async function storeAsOf({ version, values, records }: Fixture): Promise<void> {
  const database = await openDB('lockstep', version, {
    upgrade: (upgrading, from, _to, transaction) =>
      migrateOwned(upgrading, from, version, transaction),
  });
  for (const [key, value] of Object.entries(values)) await database.put('values', value, key);
  for (const [name, all] of Object.entries(records)) {
    for (const record of all) await database.put(name, record);
  }
  database.close();
}

let store: Store;
beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => store.close());

test.each(released)('version $version', async (fixture) => {
  await storeAsOf(fixture);
  store = openStore();
  const { owned } = store;

  expect(await owned.account.read()).toMatchObject({
    id: 'a1',
    signer: { address: '0x00', key: { kind: 'unprotected' } },
  });
  expect(await owned.settings.read()).toMatchObject({ interval: 300 });
  expect(await owned.probeBaseline.read()).toBeNull();
  expect(await owned.runs.get('run1' as never)).toEqual(fixture.records['runs']?.[0]);
  expect(await owned.outbox.all()).toEqual(fixture.records['outbox']);
  expect(await owned.consentIntents.all()).toEqual(fixture.records['consentIntents']);
  expect((await owned.readPositions.of('a1' as never)).get('c1' as never)).toBe(3);
  expect(await owned.history.all()).toMatchObject([
    { id: 'r1', attempts: fixture.version === 1 ? 1 : 2 },
  ]);
  expect(await owned.transfers.all()).toEqual(fixture.records['transfers'] ?? []);
  expect(await owned.backups.all()).toEqual(fixture.records['backups'] ?? []);
  expect(await owned.pins.of('a1' as never)).toEqual(fixture.records['pins'] ?? []);
});

test.each([
  [versionOne, { kind: 'done', at: 1_700_000_000_000 }],
  [versionTwo, { kind: 'due', thorough: true, asked: 0 }],
  [versionThree, { kind: 'due', thorough: false, asked: 0 }],
] as const)('the reconcile that version %# knew', async (fixture, fullReconcile) => {
  await storeAsOf(fixture);
  store = openStore();
  expect(await store.owned.schedule.read()).toMatchObject({ fullReconcile });
  expect(await store.owned.schedule.read()).not.toHaveProperty('comparedAt');
});

test('an empty database is made at the newest version', async () => {
  store = openStore();
  expect(await store.owned.account.read()).toBeNull();
  const database = await openDB('lockstep');
  expect(database.version).toBe(ownedDatabaseVersion);
  database.close();
});
