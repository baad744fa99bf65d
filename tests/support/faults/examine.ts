/** Judges a copy of libxmtp's database with another SQLite than the one that wrote it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sqlite from 'node-sqlite3-wasm';

/** Throws where the database is not whole. Answers the texts that match, once for each message. */
export function textsIn(bytes: Uint8Array, pattern: RegExp): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'lockstep-examine-'));
  const file = path.join(folder, 'copy.db3');
  writeFileSync(file, bytes);
  try {
    const database = new sqlite.Database(file, { readOnly: true });
    try {
      const found = JSON.stringify(database.all('PRAGMA integrity_check'));
      if (found !== '[{"integrity_check":"ok"}]') throw new Error(`Integrity check: ${found}`);
      const rows = database.all('SELECT decrypted_message_bytes AS bytes FROM group_messages');
      return rows.flatMap((row) => {
        const text = Buffer.from((row as { bytes: Uint8Array }).bytes).toString('latin1');
        const match = pattern.exec(text);
        return match === null ? [] : [match[0]];
      });
    } finally {
      database.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Throws, naming them, where an expected text is missing or there twice. */
export function expectOnce(
  found: readonly string[],
  expected: readonly string[],
  where: string,
): void {
  const counts = new Map<string, number>();
  for (const text of found) counts.set(text, (counts.get(text) ?? 0) + 1);
  const missing = expected.filter((text) => !counts.has(text));
  const repeated = expected.filter((text) => (counts.get(text) ?? 0) > 1);
  if (missing.length === 0 && repeated.length === 0) return;
  throw new Error(
    `In ${where}: missing ${JSON.stringify(missing)}, repeated ${JSON.stringify(repeated)}.`,
  );
}
