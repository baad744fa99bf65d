/**
 * Files that pages and the engine hand to each other in OPFS, and what the browser says of its storage.
 * A database is too big for a message between contexts.
 */
import { LockstepError } from '../../shared/errors.ts';
import { exportedFile, fileToRestore, transferFolder } from '../../shared/database.ts';

async function folder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(transferFolder, { create: true });
}

/** Gives the exported copy to the person as a download, and deletes ours. */
export async function saveExport(name: string): Promise<void> {
  const directory = await folder();
  const file = await (await directory.getFileHandle(exportedFile)).getFile();
  // In memory, because the file behind it goes at once.
  const copy = new Blob([await file.arrayBuffer()], { type: 'application/vnd.sqlite3' });
  await directory.removeEntry(exportedFile);
  download(copy, name);
}

function download(bytes: Blob, name: string): void {
  const url = URL.createObjectURL(bytes);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the bytes once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Leaves a file for the engine to restore from. */
export async function leaveFileToRestore(file: Blob): Promise<void> {
  const handle = await (await folder()).getFileHandle(fileToRestore, { create: true });
  const writable = await handle.createWritable();
  await writable.write(file);
  await writable.close();
}

/** Gives a backup to the person as a download; ours stays until it is deleted. Throws backup_gone. */
export async function saveBackup(file: string, name: string): Promise<void> {
  const directory = await folder();
  const found = await directory.getFileHandle(file).then(
    (handle) => handle.getFile(),
    (error: unknown) => {
      throw new LockstepError('backup_gone', { detail: String(error) });
    },
  );
  // In memory, because ours may be deleted while the browser still saves it.
  download(new Blob([await found.arrayBuffer()], { type: 'application/octet-stream' }), name);
}

/** Leaves a backup for the engine to look into. Answers its name in the transfer folder. */
export async function leaveBackup(file: Blob): Promise<string> {
  const name = `backup-given-${crypto.randomUUID()}`;
  const handle = await (await folder()).getFileHandle(name, { create: true });
  const writable = await handle.createWritable();
  await writable.write(file);
  await writable.close();
  return name;
}

/** Takes back what was left and is not wanted any more. */
export async function withdrawBackup(name: string): Promise<void> {
  await (await folder()).removeEntry(name).catch(() => undefined);
}

export interface BrowserStorage {
  readonly usage: number | null;
  readonly quota: number | null;
  /** Whether the browser keeps it when the disk runs full. */
  readonly persisted: boolean;
}

export async function browserStorage(): Promise<BrowserStorage> {
  const [{ usage, quota }, persisted] = await Promise.all([
    navigator.storage.estimate(),
    navigator.storage.persisted(),
  ]);
  return { usage: usage ?? null, quota: quota ?? null, persisted };
}

/** Asks the browser to keep our storage; it may ask the person. Answers whether it will. */
export function askToPersist(): Promise<boolean> {
  return navigator.storage.persist();
}
