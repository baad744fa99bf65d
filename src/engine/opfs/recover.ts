/**
 * Rolls back what a killed worker left half-written. libxmtp's file system always reports a reserved lock,
 * so SQLite itself never rolls back a hot journal after a crash (docs/libxmtp.md#hot-journal). Recovery
 * works on raw handles before libxmtp has any. They stay open for libxmtp to use, because opening a file
 * costs more than reading it.
 */
import { databaseHeaderLength, headerProblem } from './database-header.ts';
import { headerLength, journalSuffix } from './layout.ts';
import { openPoolFiles, poolDirectory, type PoolFile } from './pool-files.ts';
import { readFully, rollBackJournals } from './roll-back.ts';

export interface Recovered {
  /** Databases that are incomplete even after the recovery: path and problem. */
  readonly broken: ReadonlyMap<string, string>;
  /** All files of the pool, still open. */
  readonly files: readonly PoolFile[];
}

export async function recoverDatabases(): Promise<Recovered> {
  const directory = await poolDirectory();
  if (directory === null) return { broken: new Map(), files: [] };
  const files = await openPoolFiles(directory);
  try {
    rollBackJournals(files);
    return { broken: brokenDatabases(files), files };
  } catch (error) {
    for (const { handle } of files) handle.close();
    throw error;
  }
}

function brokenDatabases(files: readonly PoolFile[]): ReadonlyMap<string, string> {
  const broken = new Map<string, string>();
  for (const { path, handle } of files) {
    if (path === '' || path.endsWith(journalSuffix)) continue;
    const length = Math.max(0, handle.getSize() - headerLength);
    const header = new Uint8Array(Math.min(databaseHeaderLength, length));
    readFully(handle, header, headerLength);
    const problem = headerProblem(header, length);
    if (problem !== null) broken.set(path, problem);
  }
  return broken;
}
