/**
 * Puts `CoalescedFile` under libxmtp: every file that this worker opens from now on holds its writes back
 * until they are flushed. Must run after recovery, whose handles it takes over, and before `opfsInit`.
 */
import type { PoolFile } from './pool-files.ts';
import { CoalescedFile, type SyncHandle } from './coalesced-file.ts';
import { CommitGroup } from './commit-group.ts';
import { StorageHealth } from './storage-health.ts';

let group: CommitGroup | null = null;

/**
 * @param files already open; opening one of them gives the existing handle.
 * @param onFailure called when a raw operation fails and nothing more is written. Must not throw.
 * @returns a function that closes those of `files` that nobody has opened.
 */
export function coalesceWrites(
  files: readonly PoolFile[],
  onFailure: (detail: string) => void,
): () => void {
  if (group !== null) throw new Error('Writes are already held back.');
  const health = new StorageHealth(onFailure);
  const commits = new CommitGroup(health, () => performance.now());
  group = commits;
  const waiting = new Map(files.map(({ name, handle }) => [name, handle]));
  const { prototype } = FileSystemFileHandle;
  const openRaw = prototype.createSyncAccessHandle;
  prototype.createSyncAccessHandle = async function (this: FileSystemFileHandle) {
    // libxmtp's glue calls the methods of `SyncHandle` and looks at nothing else.
    const open = waiting.get(this.name);
    waiting.delete(this.name);
    const file = new CoalescedFile(open ?? (await openRaw.call(this)), health, commits);
    commits.add(file);
    const handle: SyncHandle = file;
    return handle;
  };
  return () => {
    for (const handle of waiting.values()) handle.close();
    waiting.clear();
  };
}

/** Flushes every open file. libxmtp itself does not flush a database that it imports outside of SQLite. */
export function flushAll(): void {
  group?.flushAll();
}

/** Runs work with a database's commits grouped (commit-group.ts). They are on the disk when it settles. */
export async function withCommitsHeld<Output>(
  databaseName: string,
  work: () => Promise<Output>,
): Promise<Output> {
  // Work that runs while other work pauses leaves the group to it.
  const isOutermost = group?.hold(databaseName) ?? false;
  try {
    return await work();
  } finally {
    if (isOutermost) group?.release();
  }
}

/** Writes held commits to the disk. Must run before anybody outside may learn of them. */
export function checkpointCommits(): void {
  group?.checkpoint();
}

/** Counts libxmtp's writes to its files. While the count stays the same, so does the database. */
export function writesSoFar(): number {
  return group?.changes ?? 0;
}
