/** Against real SQLite: databases that are abandoned in the middle of a transaction, and rolled back. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readRollbackJournal } from '../../../../src/engine/opfs/rollback-journal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lockstep-journal-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A database of 200 rows, and copies of it taken in the middle of changing every one of them. */
function abandonedTransaction() {
  const file = path.join(folder, 'live.db');
  const copy = path.join(folder, 'copy.db');
  const database = new sqlite.Database(file);
  // A small cache spills changed pages to the database before the commit, as a big transaction does.
  database.exec('PRAGMA journal_mode = DELETE; PRAGMA cache_size = 2; PRAGMA synchronous = FULL');
  database.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)');
  for (let i = 0; i < 200; i++)
    database.run('INSERT INTO notes VALUES (?, ?)', [i, 'a'.repeat(300)]);
  const before = readFileSync(file);
  database.exec('BEGIN');
  database.run("UPDATE notes SET text = replace(text, 'a', 'b')");
  for (let i = 200; i < 400; i++)
    database.run('INSERT INTO notes VALUES (?, ?)', [i, 'c'.repeat(300)]);
  copyFileSync(file, copy);
  const journal = readFileSync(`${file}-journal`);
  database.exec('ROLLBACK');
  database.close();
  return { before, torn: readFileSync(copy), journal };
}

function rollBack(torn: Buffer, journal: Uint8Array): Buffer {
  const rollback = readRollbackJournal(journal);
  if (rollback === null) return torn;
  const { pageSize, initialPages, pages } = rollback;
  const size = Math.max(torn.length, initialPages * pageSize);
  const restored = Buffer.alloc(size);
  torn.copy(restored);
  for (const { number, bytes } of pages) restored.set(bytes, (number - 1) * pageSize);
  return restored.subarray(0, initialPages * pageSize);
}

test('pages of an abandoned transaction are put back byte by byte', () => {
  const { before, torn, journal } = abandonedTransaction();
  expect(torn.equals(before)).toBe(false);
  const restored = rollBack(torn, journal);
  expect(restored.equals(before)).toBe(true);

  const file = path.join(folder, 'restored.db');
  writeFileSync(file, restored);
  const database = new sqlite.Database(file);
  expect(database.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
  expect(database.get("SELECT count(*) AS n FROM notes WHERE text LIKE 'a%'")).toEqual({ n: 200 });
  database.close();
});

test('rolling back twice changes nothing', () => {
  const { torn, journal } = abandonedTransaction();
  const once = rollBack(torn, journal);
  expect(rollBack(once, journal).equals(once)).toBe(true);
});

test('a journal that is empty, blanked or foreign is not hot', () => {
  const { journal } = abandonedTransaction();
  const blanked = Buffer.from(journal);
  blanked.fill(0, 0, 28);
  for (const cold of [new Uint8Array(), blanked, Buffer.from('no journal at all, only text')]) {
    expect(readRollbackJournal(cold)).toBeNull();
  }
});

test('a record that was torn ends the journal before it', () => {
  const { journal } = abandonedTransaction();
  const whole = readRollbackJournal(journal);
  const torn = readRollbackJournal(journal.subarray(0, Math.floor(journal.length / 2)));
  expect(torn?.pages.length).toBeGreaterThan(0);
  expect(torn?.pages.length).toBeLessThan(whole?.pages.length ?? 0);

  // One byte that the checksum samples, in the page of the first record.
  const damaged = Buffer.from(journal);
  const sectorSize = journal.readUInt32BE(20);
  const sampled = sectorSize + 4 + ((whole?.pageSize ?? 0) - 200);
  damaged[sampled] = (damaged[sampled] ?? 0) ^ 0xff;
  expect(readRollbackJournal(damaged)?.pages).toEqual([]);
});
