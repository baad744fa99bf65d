/**
 * The files behind libxmtp's file system in OPFS. Each begins with a header of 4,096 bytes, the first
 * 512 of which hold the logical path, NUL-terminated; the file's data starts after the header
 * (docs/libxmtp.md#opfs-file-layout).
 */
import { headerLength, pathIn } from './layout.ts';

const pathLength = 512;
const directories = ['.opfs-libxmtp-metadata', '.opaque'] as const;

export interface PoolFile {
  /** The logical path, without a leading slash; empty for a free file. */
  readonly path: string;
  readonly handle: FileSystemSyncAccessHandle;
  /** Its name in the browser's file system. */
  readonly name: string;
}

/** Null where libxmtp has never stored anything. */
export async function poolDirectory(): Promise<FileSystemDirectoryHandle | null> {
  let directory = await navigator.storage.getDirectory();
  for (const name of directories) {
    try {
      directory = await directory.getDirectoryHandle(name);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotFoundError') return null;
      throw error;
    }
  }
  return directory;
}

/** Opens all files of the pool, or none if one cannot be opened. */
export async function openPoolFiles(
  directory: FileSystemDirectoryHandle,
): Promise<readonly PoolFile[]> {
  const entries: FileSystemFileHandle[] = [];
  for await (const entry of directory.values()) if (entry.kind === 'file') entries.push(entry);
  const opened = await Promise.allSettled(entries.map((entry) => entry.createSyncAccessHandle()));
  try {
    return opened.map((one, position) => {
      if (one.status === 'rejected') throw one.reason;
      const name = entries[position]?.name ?? '';
      return { path: readPath(one.value), handle: one.value, name };
    });
  } catch (error) {
    for (const one of opened) if (one.status === 'fulfilled') one.value.close();
    throw error;
  }
}

function readPath(handle: FileSystemSyncAccessHandle): string {
  const bytes = new Uint8Array(pathLength);
  handle.read(bytes, { at: 0 });
  return pathIn(bytes);
}

export interface PoolSizes {
  /** Lengths without headers, by logical path. */
  readonly files: ReadonlyMap<string, number>;
  /** The sum of all files, including headers and free files. */
  readonly bytes: number;
}

/** Reads sizes without opening files, so it works while libxmtp holds them. */
export async function poolSizes(): Promise<PoolSizes> {
  const files = new Map<string, number>();
  let bytes = 0;
  const directory = await poolDirectory();
  if (directory === null) return { files, bytes };
  for await (const entry of directory.values()) {
    if (entry.kind !== 'file') continue;
    const file = await entry.getFile();
    bytes += file.size;
    const path = pathIn(new Uint8Array(await file.slice(0, pathLength).arrayBuffer()));
    const length = Math.max(0, file.size - headerLength);
    // Freed files may keep their name. The one with data counts.
    if (path !== '') files.set(path, Math.max(length, files.get(path) ?? 0));
  }
  return { files, bytes };
}
