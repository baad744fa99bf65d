/**
 * Puts `CoalescedFile` under libxmtp: every file that this worker opens from now on holds its writes
 * back until they are flushed. To be called after recovery, whose handles it takes over, and before
 * `opfsInit`.
 */
import type { PoolFile } from './pool-files.ts';
import { CoalescedFile, type SyncHandle } from './coalesced-file.ts';
import { StorageHealth } from './storage-health.ts';

let isInstalled = false;
const opened: CoalescedFile[] = [];

/**
 * @param files open already: whoever opens one of them gets the handle that there is.
 * @param onFailure a raw operation failed; nothing is written any more. Must not throw.
 * @returns closes those of `files` that nobody has opened.
 */
export function coalesceWrites(
  files: readonly PoolFile[],
  onFailure: (detail: string) => void,
): () => void {
  if (isInstalled) throw new Error('Writes are held back already.');
  isInstalled = true;
  const health = new StorageHealth(onFailure);
  const waiting = new Map(files.map(({ name, handle }) => [name, handle]));
  const { prototype } = FileSystemFileHandle;
  const openRaw = prototype.createSyncAccessHandle;
  prototype.createSyncAccessHandle = async function (this: FileSystemFileHandle) {
    // libxmtp's glue calls the methods of `SyncHandle` and looks at nothing else.
    const open = waiting.get(this.name);
    waiting.delete(this.name);
    const file = new CoalescedFile(open ?? (await openRaw.call(this)), health);
    opened.push(file);
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
  for (const file of opened) if (file.isOpen) file.flush();
}
