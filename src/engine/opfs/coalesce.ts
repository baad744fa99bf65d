/**
 * Puts `CoalescedFile` under libxmtp: every file that this worker opens from now on holds its writes
 * back until they are flushed. To be called after recovery, whose handles it takes over, and before
 * `opfsInit`.
 */
import type { PoolFile } from './pool-files.ts';
import { CoalescedFile, type SyncHandle } from './coalesced-file.ts';
import { CommitGroup } from './commit-group.ts';
import { StorageHealth } from './storage-health.ts';

let group: CommitGroup | null = null;

/**
 * @param files open already: whoever opens one of them gets the handle that there is.
 * @param onFailure a raw operation failed; nothing is written any more. Must not throw.
 * @returns closes those of `files` that nobody has opened.
 */
export function coalesceWrites(
  files: readonly PoolFile[],
  onFailure: (detail: string) => void,
): () => void {
  if (group !== null) throw new Error('Writes are held back already.');
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

/**
 * Flushes every open file. For what libxmtp writes outside of SQLite and never flushes by itself: an
 * imported database.
 */
export function flushAll(): void {
  group?.flushAll();
}

/** Works with the commits of a database written together (commit-group.ts). They are on the disk after it. */
export async function withCommitsHeld<Output>(
  databaseName: string,
  work: () => Promise<Output>,
): Promise<Output> {
  // Work that runs in a pause of other work leaves the holding to it.
  const isOutermost = group?.hold(databaseName) ?? false;
  try {
    return await work();
  } finally {
    if (isOutermost) group?.release();
  }
}

/** Takes what is held to the disk: before anybody outside hears of it. */
export function checkpointCommits(): void {
  group?.checkpoint();
}

/** How often libxmtp has written to any of its files: while this stays the same, so does its database. */
export function writesSoFar(): number {
  return group?.changes ?? 0;
}
