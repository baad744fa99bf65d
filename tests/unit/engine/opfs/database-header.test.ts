/** Against a database that SQLite really wrote. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  databaseHeaderLength,
  headerProblem,
} from '../../../../src/engine/opfs/database-header.ts';

let folder: string;
let bytes: Buffer;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'lockstep-header-'));
  const file = path.join(folder, 'whole.db');
  const database = new sqlite.Database(file);
  database.exec('CREATE TABLE notes (text TEXT)');
  for (let i = 0; i < 50; i++) database.run('INSERT INTO notes VALUES (?)', ['n'.repeat(1000)]);
  database.close();
  bytes = readFileSync(file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const problemOf = (content: Uint8Array) =>
  headerProblem(content.subarray(0, databaseHeaderLength), content.length);

test('a whole database has no problem', () => {
  expect(problemOf(bytes)).toBeNull();
});

test('an empty file, a file of other bytes and one that was cut off are recognised', () => {
  expect(problemOf(new Uint8Array(0))).toMatch(/only 0 bytes/);
  expect(problemOf(new Uint8Array(8192).fill(7))).toMatch(/does not begin as a database/);
  expect(problemOf(bytes.subarray(0, bytes.length - 1))).toMatch(/of \d+ bytes/);
  expect(problemOf(bytes.subarray(0, 4096))).toMatch(/4096 of/);
});

test('room after the last page is none of its business', () => {
  const longer = new Uint8Array(bytes.length + 4096);
  longer.set(bytes);
  expect(problemOf(longer)).toBeNull();
});
