/**
 * Operations on libxmtp's files: sizes, integrity check, export, restore, deletion. libxmtp would delete a
 * database under an open client, so all but the sizes need a worker that has opened none.
 */
import {
  opfsDeleteFile,
  opfsExportDb,
  opfsFileExists,
  opfsImportDb,
  opfsListFiles,
  opfsPoolCapacity,
} from '@xmtp/wasm-bindings';
import {
  exportedFile,
  fileToRestore,
  transferFolder,
  type DatabaseStats,
  type IntegrityReport,
} from '../../shared/database.ts';
import { LockstepError } from '../../shared/errors.ts';
import type { InboxId } from '../../shared/ids.ts';
import { flushAll } from '../opfs/coalesce.ts';
import { examineDatabase } from '../opfs/integrity.ts';
import { poolSizes } from '../opfs/pool-files.ts';

interface Named {
  readonly databaseName: string;
}

export async function storageStats({ databaseName }: Named): Promise<DatabaseStats> {
  const { files, bytes } = await poolSizes();
  return {
    databaseBytes: files.get(databaseName) ?? null,
    poolBytes: bytes,
    files: (await opfsListFiles()).length,
    capacity: await opfsPoolCapacity(),
  };
}

/** Throws database_lost. */
export async function checkDatabase({ databaseName }: Named): Promise<IntegrityReport> {
  const started = performance.now();
  const bytes = await readDatabase(databaseName);
  const { problems } = await examineDatabase(bytes);
  return { problems, bytes: bytes.length, took: Math.round(performance.now() - started) };
}

/** Leaves a copy for a page to fetch. Throws database_lost. */
export async function exportDatabase({ databaseName }: Named): Promise<{ readonly bytes: number }> {
  const bytes = await readDatabase(databaseName);
  const folder = await openTransferFolder();
  const handle = await folder.getFileHandle(exportedFile, { create: true });
  const file = await handle.createSyncAccessHandle();
  try {
    file.truncate(0);
    file.write(bytes, { at: 0 });
    file.flush();
  } finally {
    file.close();
  }
  return { bytes: bytes.length };
}

/**
 * Replaces the account's database with the file that a page left, once that file has proved intact and of the
 * same inbox. Throws bad_backup, inbox_mismatch.
 */
export async function restoreDatabase({
  databaseName,
  inboxId,
}: Named & { readonly inboxId: InboxId }): Promise<null> {
  const folder = await openTransferFolder();
  const file = await (await folder.getFileHandle(fileToRestore)).getFile();
  const bytes = new Uint8Array(await file.arrayBuffer());
  const found = await examineDatabase(bytes);
  if (found.problems.length > 0 || found.inboxId === null) {
    const detail = found.problems[0] ?? 'it holds no identity';
    throw new LockstepError('bad_backup', { detail });
  }
  if (found.inboxId !== inboxId) {
    throw new LockstepError('inbox_mismatch', { detail: `found inbox ${found.inboxId}` });
  }
  await deleteDatabase({ databaseName });
  await opfsImportDb(databaseName, bytes);
  flushAll();
  await folder.removeEntry(fileToRestore);
  return null;
}

/** Deletes a database and its journal, if there are any. */
export async function deleteDatabase({ databaseName }: Named): Promise<null> {
  for (const file of await opfsListFiles()) {
    if (withoutSlash(file).startsWith(databaseName)) await opfsDeleteFile(file);
  }
  return null;
}

/** Deletes databases of removed accounts. Must run before one is opened. */
export async function deleteOtherDatabases(databaseName: string): Promise<void> {
  for (const file of await opfsListFiles()) {
    if (!withoutSlash(file).startsWith(databaseName)) await opfsDeleteFile(file);
  }
}

async function readDatabase(databaseName: string): Promise<Uint8Array<ArrayBuffer>> {
  if (!(await opfsFileExists(databaseName))) {
    throw new LockstepError('database_lost', { detail: `no ${databaseName} in OPFS` });
  }
  return (await opfsExportDb(databaseName)) as Uint8Array<ArrayBuffer>;
}

async function openTransferFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(transferFolder, { create: true });
}

function withoutSlash(file: string): string {
  return file.replace(/^\//, '');
}
