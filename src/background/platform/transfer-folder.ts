/** The transfer folder in OPFS, as far as the background tidies it. */
import { transferFolder as folderName } from '../../shared/database.ts';
import type { TransferFolder } from '../backups/jobs.ts';

/** A page may have left a file and not asked for anything yet. */
const day = 24 * 60 * 60_000;

async function open(): Promise<FileSystemDirectoryHandle | null> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(folderName).catch(() => null);
}

export const transferFolder: TransferFolder = {
  async delete(file) {
    // What is gone already is as it should be.
    await (await open())?.removeEntry(file).catch(() => undefined);
  },
  async tidy(kept) {
    const folder = await open();
    if (folder === null) return;
    for await (const entry of folder.values()) {
      if (entry.kind !== 'file' || !entry.name.startsWith('backup-') || kept.has(entry.name)) {
        continue;
      }
      const { lastModified } = await entry.getFile();
      if (Date.now() - lastModified > day) await folder.removeEntry(entry.name);
    }
  },
};
