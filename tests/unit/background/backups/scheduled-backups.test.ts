/** Backups by themselves, where saving goes wrong in every way that a browser has. */
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BackupJobs } from '../../../../src/background/backups/jobs.ts';
import {
  ScheduledBackups,
  type Downloads,
} from '../../../../src/background/backups/scheduled-backups.ts';
import type { DatabaseConnection } from '../../../../src/background/connection/database-connection.ts';
import type { Engine } from '../../../../src/background/connection/engine.ts';
import type { ReadyAccount } from '../../../../src/shared/account.ts';
import type { BackupPlan } from '../../../../src/shared/backup.ts';
import { LockstepError } from '../../../../src/shared/errors.ts';
import { openStore, type Store } from '../../../../src/store/write.ts';

const hour = 60 * 60_000;
const plan: BackupPlan = {
  every: 'day',
  messages: 1,
  keep: 2,
  options: { elements: ['messages'], from: null, until: null, excludeDisappearing: false },
};
const secret = { kind: 'passphrase', text: 'four unrelated words' } as const;

let store: Store;
let clock: number;
let saved: string[];
let removed: string[];
let allowed: boolean;
/** What the next save does instead of working. */
let accident: 'cancelled' | 'short' | null;
let backups: ScheduledBackups;

const downloads: Downloads = {
  isAllowed: () => Promise.resolve(allowed),
  save(_url, path) {
    if (accident === 'cancelled') throw new LockstepError('download_cancelled');
    const bytes = accident === 'short' ? 99 : 100;
    const full = `/home/${saved.length} ${path}`;
    saved.push(full);
    return Promise.resolve({ downloadId: saved.length, path: full, bytes });
  },
  remove({ path }) {
    removed.push(path);
    return Promise.resolve(path.startsWith('/home/1 ') ? 'lost' : 'gone');
  },
  find: (name) =>
    Promise.resolve(
      saved.filter((path) => path.endsWith(name)).map((path) => ({ downloadId: 0, path })),
    ),
};

const answers: Readonly<Record<string, unknown>> = {
  newBackupKey: { kdf: { name: 'none' }, secret: new Uint8Array(16) },
  makeBackup: null,
  checkBackup: { madeAt: 1, bytes: 100, facts: {}, conversations: 1, messages: 1 },
  backupUrl: { url: 'blob:x' },
  revokeBackupUrl: null,
};
const engine = { call: (name: string) => Promise.resolve(answers[name]) } as unknown as Engine;
const connection = {
  use: (work: (lent: Engine) => Promise<unknown>) => work(engine),
} as unknown as DatabaseConnection;

function live(): ScheduledBackups {
  const { owned } = store;
  const alarms = { repeat: () => Promise.resolve(), stop: () => Promise.resolve() };
  const folder = { delete: () => Promise.resolve(), tidy: () => Promise.resolve() };
  const now = () => clock;
  const jobs = new BackupJobs({
    owned,
    connection,
    archives: {} as never,
    folder,
    alarms,
    account: () => Promise.resolve({ id: 'a1' } as unknown as ReadyAccount),
    newId: () => crypto.randomUUID(),
    now,
    keepAwake: () => () => undefined,
  });
  return new ScheduledBackups({ owned, connection, jobs, downloads, folder, alarms, now });
}

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
  store = openStore();
  clock = new Date('2026-11-25T14:02').getTime();
  saved = [];
  removed = [];
  allowed = true;
  accident = null;
  backups = live();
});
afterEach(() => store.close());

/** A look, and everything that it sets in motion. */
async function look(): Promise<void> {
  await backups.look();
  await backups.settled();
}

async function begin(): Promise<void> {
  await backups.set(plan, secret);
  await backups.settled();
}

test('each day one is made, and only as many are kept as are to be; what cannot be deleted is named', async () => {
  await begin();
  for (let day = 0; day < 3; day++) {
    clock += 24 * hour;
    await look();
    await look(); // a second look makes no second backup
  }
  expect(saved).toHaveLength(4);
  expect(removed).toEqual([saved[0], saved[1]]);
  const { files, left } = await store.owned.backupSchedule.read();
  expect(files.map(({ path }) => path)).toEqual([saved[3], saved[2]]);
  expect(left).toEqual(['lockstep-backup-2026-11-26-1402.lockstep']);
});

test.each([
  ['cancelled', 'download_cancelled'],
  ['short', 'download_failed'],
] as const)(
  'a save that is %s is said and tried again, and no setting changes',
  async (how, code) => {
    accident = how;
    await begin();
    expect(await store.owned.backupSchedule.read()).toMatchObject({
      plan,
      problem: { code },
      failures: 1,
      files: [],
      lastAt: null,
    });
    // What was saved short does not stay.
    expect(removed).toEqual(saved);
    const before = saved.length;
    await look();
    expect(saved).toHaveLength(before); // not yet
    accident = null;
    clock += hour;
    await look();
    expect(await store.owned.backupSchedule.read()).toMatchObject({ problem: null, failures: 0 });
    expect((await store.owned.backupSchedule.read()).files).toHaveLength(1);
  },
);

test('a permission that is gone is said; without it nothing is switched on', async () => {
  allowed = false;
  await expect(backups.set(plan, secret)).rejects.toThrow('downloads_not_allowed');
  expect((await store.owned.backupSchedule.read()).plan).toBe(null);
  allowed = true;
  await begin();
  allowed = false;
  clock += 24 * hour;
  await look();
  expect(await store.owned.backupSchedule.read()).toMatchObject({
    plan,
    problem: { code: 'downloads_not_allowed' },
  });
});

test('one that was cut off is marked, what is left of it goes, and it is made anew, but not for ever', async () => {
  await begin();
  for (let life = 1; life <= 4; life++) {
    const [last] = (await store.owned.backups.all()).slice(-1);
    await store.owned.backups.put({
      ...last!,
      id: `cut-off-${life}`,
      at: last!.at + 1,
      name: `rest-${life}.lockstep`,
      state: { kind: 'working', step: 'saving', done: 0, total: null },
    });
    await store.owned.backupSchedule.change((schedule) => ({ ...schedule, failures: life - 1 }));
    saved.push(`/home/x/rest-${life}.lockstep`);
    const before = saved.length;
    backups = live();
    await backups.resume();
    await backups.settled();
    expect(removed).toContain(`/home/x/rest-${life}.lockstep`);
    expect((await store.owned.backups.get(`cut-off-${life}`))?.state.kind).toBe('interrupted');
    expect(saved.length - before, `life ${life}`).toBe(life <= 3 ? 1 : 0);
  }
});
