/** A backup's file: what is sealed comes out unchanged, and nothing else comes out at all. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { keyFor, newKey } from '../../../../src/engine/backups/derive.ts';
import { fileKeys, openBackup, sealBackup } from '../../../../src/engine/backups/seal.ts';
import {
  kdfSchema,
  maxHeaderBytes,
  parseHeader,
  scryptCost,
  formatHeader,
} from '../../../../src/shared/backup-file.ts';
import { writeBackupKey } from '../../../../src/shared/backup-key.ts';
import type { BackupMetadata, BackupKey } from '../../../../src/shared/backup.ts';
import { LockstepError } from '../../../../src/shared/errors.ts';
import { backupsOfFormat1 } from '../../../fixtures/backup-format-1.ts';
import * as v from 'valibot';

const metadata: BackupMetadata = {
  inboxId: 'ab'.repeat(32) as BackupMetadata['inboxId'],
  installationId: 'cd'.repeat(32) as BackupMetadata['installationId'],
  elements: ['messages', 'consent'],
  from: null,
  until: 5,
  excludeDisappearing: false,
};
const key: BackupKey = { kdf: { name: 'none' }, secret: new Uint8Array(16).fill(1) };
const other: BackupKey = { kdf: { name: 'none' }, secret: new Uint8Array(16).fill(2) };

async function seal(archive: Uint8Array<ArrayBuffer>, with_: BackupKey = key) {
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const pieces = await sealBackup(with_, { salt, madeAt: 7, metadata, archive });
  return new Uint8Array(await new Blob([...pieces]).arrayBuffer());
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'opened',
    (error: unknown) => (error instanceof LockstepError ? error.code : String(error)),
  );

let file: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  file = await seal(new Uint8Array(300).fill(8));
});

test('what is sealed comes out as it was', async () => {
  const archives = fc.uint8Array({ minLength: 1, maxLength: 2000 });
  await fc.assert(
    fc.asyncProperty(archives, async (bytes) => {
      const archive = new Uint8Array(bytes);
      const opened = await openBackup(await seal(archive), key);
      expect(opened).toMatchObject({ madeAt: 7, metadata, archive });
    }),
    { numRuns: 50 },
  );
});

test('no file that differs in any bit is opened, and none of them looks like a wrong passphrase', async () => {
  const bits = fc.record({
    at: fc.integer({ min: 0, max: file.length - 1 }),
    bit: fc.integer({ min: 0, max: 7 }),
  });
  await fc.assert(
    fc.asyncProperty(bits, async ({ at, bit }) => {
      const copy = file.slice();
      copy[at] = (copy[at] ?? 0) ^ (1 << bit);
      const expected =
        at < 8 ? ['backup_foreign'] : ['backup_damaged', 'backup_version', 'backup_cut_off'];
      expect(expected).toContain(await codeOf(openBackup(copy, key)));
    }),
    { numRuns: 400 },
  );
});

test('a file that was cut off anywhere says so', async () => {
  for (let length = 0; length < file.length; length += length < 20 ? 1 : 13) {
    const expected = length === 0 ? 'backup_empty' : 'backup_cut_off';
    expect(await codeOf(openBackup(file.slice(0, length), key)), String(length)).toBe(expected);
  }
});

test('another key is recognised as such, and whole files with more behind them are not taken', async () => {
  expect(await codeOf(openBackup(file, other))).toBe('wrong_backup_key');
  const longer = new Uint8Array([...file, 0]);
  expect(await codeOf(openBackup(longer, key))).toBe('backup_damaged');
});

test('anything else is foreign', async () => {
  const anything = fc
    .uint8Array({ minLength: 1, maxLength: 500 })
    .filter((bytes) => bytes[0] !== 0x89);
  await fc.assert(
    fc.asyncProperty(anything, async (bytes) => {
      expect(await codeOf(openBackup(new Uint8Array(bytes), key))).toBe('backup_foreign');
    }),
  );
});

test('two files of one key share nothing', async () => {
  const salts = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const [first, second] = await Promise.all(salts.map((salt) => fileKeys(key, salt)));
  const all = [first, second].flatMap((keys) => Object.values(keys!) as Uint8Array[]);
  expect(new Set(all.map((bytes) => bytes.subarray(0, 16).join())).size).toBe(8);
});

test('a passphrase opens its file however its letters were put together', async () => {
  const made = await newKey({ kind: 'passphrase', text: 'pass\u00e9 compos\u00e9' });
  expect(made.kdf).toMatchObject({ name: 'scrypt', ...scryptCost });
  const sealed = await seal(new Uint8Array(10), made);
  const again = await keyFor('passe\u0301 compose\u0301', made.kdf);
  expect(again.secret).toEqual(made.secret);
  expect(await codeOf(openBackup(sealed, again))).toBe('opened');
  expect(await codeOf(openBackup(sealed, await keyFor('passe compose', made.kdf)))).toBe(
    'wrong_passphrase',
  );
}, 60_000);

test('parameters that would take gigabytes or minutes are not even tried', async () => {
  const salt = '00'.repeat(16);
  for (const cost of [
    { logN: 30, r: 8, p: 1 },
    { logN: 19, r: 16, p: 1 },
    { logN: 19, r: 8, p: 4 },
    { logN: 17, r: 8, p: 1000 },
    { logN: 4, r: 1, p: 1 },
  ]) {
    expect(v.is(kdfSchema, { name: 'scrypt', ...cost, salt }), JSON.stringify(cost)).toBe(false);
  }
  expect(v.is(kdfSchema, { name: 'scrypt', ...scryptCost, salt })).toBe(true);
  const kdf = { name: 'scrypt', logN: 30, r: 8, p: 1, salt: new Uint8Array(16) } as const;
  const header = { kdf, salt: new Uint8Array(32), check: new Uint8Array(16), madeAt: 1 };
  const hostile = await formatHeader({ ...header, metadataBytes: 1, archiveBytes: 1 });
  expect(await codeOf(parseHeader(hostile, hostile.length + 34))).toBe('backup_damaged');
});

test('the header is enough to tell what a file is', async () => {
  const text = await writeBackupKey(new Uint8Array(16).fill(1));
  const { header, total } = await parseHeader(file.slice(0, maxHeaderBytes), file.length);
  expect(header.kdf.name).toBe('none');
  expect(total).toBe(file.length);
  expect((await keyFor(text, header.kdf)).secret).toEqual(key.secret);
});

test.each(backupsOfFormat1)(
  'a file of format 1 ($secret) stays readable',
  async (made) => {
    const bytes = new Uint8Array(Buffer.from(made.file, 'base64'));
    const { header } = await parseHeader(bytes, bytes.length);
    const opened = await openBackup(bytes, await keyFor(made.secret, header.kdf));
    expect(opened).toMatchObject({ madeAt: 1_790_000_000_000, metadata });
    expect(new TextDecoder().decode(opened.archive)).toBe('what libxmtp wrote');
  },
  60_000,
);
