/** Backups as files: made here, imported by another installation of the same person, or refused. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeBackupKey } from '../../../src/shared/backup-key.ts';
import { launch, type Driver } from '../../support/driver/driver.ts';
import * as beneath from '../../support/faults/beneath.ts';
import type { FoundBackup } from '../../support/pages/reading-backups.ts';
import { until } from '../../support/until.ts';
import { browserName, dmWith, groupWith, openHome, type Home } from '../../support/world.ts';
import type { Peer } from '../../../network/population/peer.ts';

const privateKey = '0b'.repeat(32);
const passphrase = 'four unrelated words';
let home: Home;
let friend: Peer;
let familyId: string;
let folder: string;
/** The backup that most tests are about. */
let file: string;
/** Another installation of the same person, with nothing in it. */
let second: Driver;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockstep-backups-'));
  home = await openHome({ privateKey, extension: await withDownloads() });
  friend = await home.newPeer();
  const { driver, me } = home;
  const family = await groupWith(friend, me.inboxId, 'Family', ['one', 'two', 'three']);
  const dm = await dmWith(friend, me.inboxId, ['four', 'five']);
  familyId = family.id();
  await driver.syncAll(['allowed', 'unknown']);
  for (const id of [family.id(), dm.id()]) {
    await driver.setConsent(id, 'allowed');
    await driver.syncConversation(id);
  }
  await until('everything to be here', async () => (await driver.messages(dm.id())).length === 2);
  second = await launch(browserName, { hosts: home.hosts });
  await second.createAccount({ privateKey });
  await second.setInterval(null);
});

afterAll(async () => {
  await second?.close();
  await home.close();
  await rm(folder, { recursive: true, force: true });
});

/**
 * Firefox grants what a click asks for (a preference of its profile). In Chromium nobody is there to
 * answer its dialog, so the permission is one that its copy of the extension has from the start.
 */
async function withDownloads(): Promise<string> {
  const dist = path.join(import.meta.dirname, '../../../dist');
  if (browserName === 'firefox') return path.join(dist, 'firefox');
  const copy = path.join(folder, 'extension');
  await cp(path.join(dist, 'chrome'), copy, { recursive: true });
  const manifest = JSON.parse(await readFile(path.join(copy, 'manifest.json'), 'utf8')) as {
    permissions: string[];
  };
  manifest.permissions.push('downloads');
  await writeFile(path.join(copy, 'manifest.json'), JSON.stringify(manifest));
  return copy;
}

async function shown(driver: Driver) {
  const rows = await driver.conversations();
  const texts = new Map<string, readonly string[]>();
  for (const { id } of rows) {
    const messages = await driver.messages(id);
    texts.set(
      id,
      messages.filter(({ type }) => type === 'text').map(({ text }) => text),
    );
  }
  return { unread: rows.map(({ unread }) => unread), texts };
}

test('a backup is made, read back and saved', async () => {
  const { driver } = home;
  const made = await driver.makeBackup({ passphrase });
  expect(made.job).toMatchObject({ kind: 'made', conversations: 2, messages: 5 });
  expect(path.basename(made.file)).toBe(made.job.name);
  expect(made.job.name).toMatch(/^lockstep-backup-\d{4}-\d\d-\d\d-\d{4}\.lockstep$/);
  const bytes = await readFile(made.file);
  // Whose it is stands nowhere in it to be read.
  expect(bytes.includes(home.me.inboxId)).toBe(false);
  expect(bytes.includes('Family')).toBe(false);
  ({ file } = made);
});

test('a wrong passphrase, damage and foreign files are told apart, and nothing of them is written', async () => {
  const driver = second;
  const bytes = await readFile(file);
  const variant = async (name: string, change: (copy: Buffer) => Buffer) => {
    const target = path.join(folder, name);
    await writeFile(target, change(Buffer.from(bytes)));
    return target;
  };
  const flipped = (at: number) => (copy: Buffer) => {
    copy[at < 0 ? copy.length + at : at]! ^= 1;
    return copy;
  };
  expect(await driver.lookIntoBackup(file, 'another passphrase')).toBe('wrong_passphrase');
  for (const [name, change, code] of [
    ['head', flipped(40), 'backup_damaged'],
    ['middle', flipped(Math.floor(bytes.length / 2)), 'backup_damaged'],
    ['late', flipped(-80), 'backup_damaged'],
    ['code', flipped(-1), 'backup_damaged'],
    ['longer', (copy) => Buffer.concat([copy, Buffer.from('x')]), 'backup_damaged'],
    ['cut', (copy) => copy.subarray(0, -200), 'backup_cut_off'],
    ['beginning', (copy) => copy.subarray(0, 60), 'backup_cut_off'],
    ['empty', () => Buffer.alloc(0), 'backup_empty'],
    ['foreign', () => Buffer.from('%PDF-1.4 and so on, not one of ours'), 'backup_foreign'],
    [
      'newer',
      (copy) => Buffer.concat([copy.subarray(0, 8), Buffer.from([0, 9]), copy.subarray(10)]),
      'backup_version',
    ],
  ] as readonly (readonly [string, (copy: Buffer) => Buffer, string])[]) {
    const spoiled = await variant(`${name}.lockstep`, change);
    expect(await driver.lookIntoBackup(spoiled, passphrase), name).toBe(code);
  }
  // Also where the interface is passed over: what is imported is checked again.
  const damaged = path.join(folder, 'late.lockstep');
  const given = `backup-given-${crypto.randomUUID()}`;
  await driver.page.evaluate(
    beneath.leaveBytes,
    given,
    (await readFile(damaged)).toString('base64'),
  );
  const { backupId } = (await driver.page.evaluate(beneath.command, 'importBackup', {
    file: given,
    name: 'late.lockstep',
    secret: { kind: 'passphrase', text: passphrase },
  })) as { backupId: string };
  expect(await driver.backupState(backupId, 'failed')).toMatchObject({ error: 'backup_damaged' });
  expect(await driver.page.evaluate(beneath.storedTexts)).toEqual([]);
  expect(await driver.conversations()).toEqual([]);
  await driver.syncAll(['allowed', 'unknown', 'denied']);
  expect(await driver.page.evaluate(beneath.storedTexts)).toEqual([]);
});

test('another installation looks inside and imports it: same order, nothing unread', async () => {
  const driver = second;
  const found = (await driver.lookIntoBackup(file, passphrase)) as FoundBackup;
  expect(found).toEqual({
    inboxId: home.me.inboxId,
    installationId: home.me.installationId,
    conversations: 2,
    messages: 5,
    importable: true,
  });
  // Looking is not importing.
  expect(await driver.page.evaluate(beneath.storedTexts)).toEqual([]);
  const job = await driver.backupState(await driver.startImport(), 'imported', 'failed');
  expect(job).toMatchObject({ state: 'imported', messages: 5, newMessages: 5 });
  const [there, here] = [await shown(home.driver), await shown(driver)];
  expect(here.texts).toEqual(there.texts);
  expect(here.unread).toEqual([0, 0]);

  // Twice changes nothing.
  await driver.lookIntoBackup(file, passphrase);
  const again = await driver.backupState(await driver.startImport(), 'imported', 'failed');
  expect(again).toMatchObject({ state: 'imported', newMessages: 0 });
  expect(await driver.page.evaluate(beneath.storedTexts)).toHaveLength(5);
});

test('a generated key opens its file, also as people type it, and mistakes in it are found', async () => {
  const { driver } = home;
  const made = await driver.makeBackup('key');
  expect(made.secret).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
  const typed = made.secret.toLowerCase().replaceAll('-', ' ');
  expect(await second.lookIntoBackup(made.file, typed)).toMatchObject({ messages: 5 });
  const last = made.secret.endsWith('0') ? '1' : '0';
  const mistyped = made.secret.slice(0, -1) + last;
  expect(await second.lookIntoBackup(made.file, mistyped)).toBe('bad_backup_key');
  const other = await writeBackupKey(new Uint8Array(16).fill(9));
  expect(await second.lookIntoBackup(made.file, other)).toBe('wrong_backup_key');
});

test('a backup is made although the background is killed in the middle', async () => {
  const { driver } = home;
  const { id } = await driver.startBackup({ passphrase });
  await driver.killBackground();
  await driver.page.reload();
  expect(await driver.backupState(id, 'made')).toMatchObject({ messages: 5, error: null });
});

test('an import is completed although the background is killed in the middle', async () => {
  await second.lookIntoBackup(file, passphrase);
  const id = await second.startImport();
  await second.killBackground();
  await second.page.reload();
  expect(await second.backupState(id, 'imported', 'failed')).toMatchObject({ state: 'imported' });
  expect((await shown(second)).texts).toEqual((await shown(home.driver)).texts);
});

test('a backup of another inbox is shown as such and refused', async () => {
  const { driver } = home;
  const made = await driver.makeBackup({ passphrase });
  const stranger = await launch(browserName, { hosts: home.hosts });
  try {
    await stranger.createAccount();
    expect(await stranger.lookIntoBackup(made.file, passphrase)).toMatchObject({
      inboxId: home.me.inboxId,
      importable: false,
    });
    const given = `backup-given-${crypto.randomUUID()}`;
    const bytes = (await readFile(made.file)).toString('base64');
    await stranger.page.evaluate(beneath.leaveBytes, given, bytes);
    const { backupId } = (await stranger.page.evaluate(beneath.command, 'importBackup', {
      file: given,
      name: 'theirs.lockstep',
      secret: { kind: 'passphrase', text: passphrase },
    })) as { backupId: string };
    expect(await stranger.backupState(backupId, 'failed')).toMatchObject({
      error: 'backup_of_other_inbox',
    });
    expect(await stranger.conversations()).toEqual([]);
  } finally {
    await stranger.close();
  }
});

test('backups by themselves: after so many messages, and only as many files as are to be kept', async () => {
  const { driver } = home;
  await driver.scheduleBackups(2, 1, passphrase);
  const [first] = await until('the first file', async () => {
    const files = await driver.savedBackups();
    return (await driver.backupSchedule())?.files.length === 1 && files;
  });
  expect((await driver.backupSchedule())?.files).toEqual([first]);

  const lastAt = (await driver.backupSchedule())?.lastAt ?? 0;
  const say = async (text: string) => {
    const group = friend.client.conversations().findGroupById(familyId);
    await group.sendText(text);
    await driver.syncAll();
  };
  await say('six');
  expect(await driver.backupSchedule()).toMatchObject({ lastAt, newMessages: 1 });
  await say('seven');
  const schedule = await until('another backup', async () => {
    const now = await driver.backupSchedule();
    return now !== null && (now.lastAt ?? 0) > lastAt && now.files.length === 1 && now;
  });
  expect(schedule).toMatchObject({ newMessages: 0, problem: null });
  const files = await driver.savedBackups();
  expect(files).toEqual(schedule.files);
  const saved = path.join(driver.downloads, 'Lockstep', files[0]!);
  expect(await second.lookIntoBackup(saved, passphrase)).toMatchObject({ messages: 7 });
});

test('a scheduled backup that is cut off is marked and made anew', async () => {
  const { driver } = home;
  const before = (await driver.backupSchedule())?.lastAt ?? 0;
  await driver.page.click('[data-testid=schedule-now]');
  await until('it to begin', async () =>
    (await driver.backupJobs()).some(
      ({ kind, state }) => kind === 'scheduled' && state === 'working',
    ),
  );
  await driver.killBackground();
  await driver.page.reload();
  await until('it to be made anew', async () => {
    const now = await driver.backupSchedule();
    return (now?.lastAt ?? 0) > before && now?.files.length === 1;
  });
  const jobs = (await driver.backupJobs()).filter(({ kind }) => kind === 'scheduled');
  expect(jobs.slice(0, 2).map(({ state }) => state)).toEqual(['saved', 'interrupted']);
  expect(await driver.savedBackups()).toHaveLength(1);
});

test('without the permission nothing is switched on, and what is on says that it is missing', async () => {
  await expect(
    second.page.evaluate(beneath.command, 'setBackupSchedule', {
      plan: {
        every: 'day',
        messages: 10,
        keep: 2,
        options: {
          elements: ['messages'],
          from: null,
          until: null,
          excludeDisappearing: false,
        },
      },
      secret: { kind: 'passphrase', text: passphrase },
    }),
  ).rejects.toThrow('downloads_not_allowed');
  expect(await second.backupSchedule()).toBe(null);
  if (browserName === 'chromium') return; // there it is no permission that can be taken away
  const { driver } = home;
  await driver.backupSchedule();
  await driver.page.evaluate(beneath.removeDownloads);
  await driver.page.evaluate(beneath.command, 'runBackupSchedule', {});
  const schedule = await until('the problem', async () => {
    const now = await driver.backupSchedule();
    return now?.problem != null && now;
  });
  expect(schedule).toMatchObject({ problem: 'downloads_not_allowed', every: 'messages' });
  await driver.page.click('[data-testid=schedule-now]');
  await until('it to work again', async () => (await driver.backupSchedule())?.problem === null);
});
