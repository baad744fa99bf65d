/** Backup files in the transfer folder. */
import { transferFolder } from '../../shared/database.ts';
import { LockstepError } from '../../shared/errors.ts';

async function openFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(transferFolder, { create: true });
}

/**
 * Writes a file in full or not at all. It does not use a handle of libxmtp's kind, because a full disk here
 * must not count as a failure of libxmtp's files. Throws storage_full.
 */
export async function writeTransferFile(
  name: string,
  pieces: readonly Uint8Array<ArrayBuffer>[],
): Promise<void> {
  const handle = await (await openFolder()).getFileHandle(name, { create: true });
  const writable = await handle.createWritable();
  try {
    for (const piece of pieces) await writable.write(piece);
    await writable.close();
  } catch (error) {
    await writable.abort().catch(() => undefined);
    if (error instanceof DOMException && error.name === 'QuotaExceededError') {
      throw new LockstepError('storage_full', { detail: String(error), cause: error });
    }
    throw error;
  }
}

/** Throws backup_gone. */
export async function transferFile(name: string): Promise<File> {
  try {
    return await (await (await openFolder()).getFileHandle(name)).getFile();
  } catch (error) {
    throw new LockstepError('backup_gone', { detail: String(error), cause: error });
  }
}

export async function readTransferFile(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await (await transferFile(name)).arrayBuffer());
}
