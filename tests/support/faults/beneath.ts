/**
 * Functions that run inside a page of the extension and look beneath its interface: commands, the
 * store, and libxmtp's files. Each stands alone (see `reading.ts`).
 */
import type { LabAnswer, LabRequest } from '../lab/protocol.ts';

/** Sends a command as the interface does. Throws what the background answers. */
export async function command(name: string, input: unknown): Promise<unknown> {
  interface Runtime {
    readonly runtime: { sendMessage(message: unknown): Promise<unknown> };
  }
  const scope = globalThis as unknown as { readonly browser?: Runtime; readonly chrome: Runtime };
  const { runtime } = scope.browser ?? scope.chrome;
  const answer = (await runtime.sendMessage({ lockstep: 'command', name, input })) as
    | { readonly ok: true; readonly output: unknown }
    | { readonly ok: false; readonly error: { readonly code: string } }
    | undefined;
  if (answer === undefined) throw new Error(`${name}: no answer`);
  if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(answer.error)}`);
  return answer.output;
}

/** The state of a run by its id, and of everything else that is still to be done. */
export async function work(): Promise<{
  readonly runs: readonly {
    readonly id: string;
    readonly state: string;
    readonly error: string | null;
  }[];
  readonly unsent: number;
  readonly connection: string | null;
  /** Who holds which of our locks: an engine that nobody ended shows here. */
  readonly locks: readonly string[];
}> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('lockstep');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error(String(request.error)));
  });
  const transaction = database.transaction(['runs', 'outbox', 'values']);
  const all = <T>(request: IDBRequest) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result as T);
      request.onerror = () => reject(new Error(String(request.error)));
    });
  interface StoredRun {
    readonly id: string;
    readonly state: string;
    readonly error?: { readonly code: string; readonly detail: string | null };
  }
  const [runs, unsent, connection] = await Promise.all([
    all<StoredRun[]>(transaction.objectStore('runs').getAll()),
    all<number>(transaction.objectStore('outbox').count()),
    all<{ readonly state: string } | undefined>(
      transaction.objectStore('values').get('connection'),
    ),
  ]);
  database.close();
  const { held = [] } = await navigator.locks.query();
  return {
    locks: held.map(({ name, clientId }) => `${name}: ${clientId}`),
    runs: runs.map(({ id, state, error }) => ({
      id,
      state,
      error: error === undefined ? null : `${error.code}: ${error.detail ?? ''}`,
    })),
    unsent,
    connection: connection?.state ?? null,
  };
}

/** Every text in the store, once for each message that holds it. */
export async function storedTexts(): Promise<readonly string[]> {
  const { name } = (await indexedDB.databases()).find((one) =>
    one.name?.startsWith('lockstep-derived-'),
  ) ?? { name: undefined };
  if (name === undefined) return [];
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error(String(request.error)));
  });
  const messages = await new Promise<{ content: { type: string; text?: string } }[]>(
    (resolve, reject) => {
      const request = database.transaction('messages').objectStore('messages').getAll();
      request.onsuccess = () => resolve(request.result as never);
      request.onerror = () => reject(new Error(String(request.error)));
    },
  );
  database.close();
  return messages.flatMap(({ content }) => (content.text === undefined ? [] : [content.text]));
}

/** libxmtp's files with a name: their length without the header, and the database itself as base64. */
export async function libxmtpFiles(): Promise<{
  readonly files: readonly { readonly path: string; readonly length: number }[];
  readonly database: string | null;
}> {
  const root = await navigator.storage.getDirectory();
  const pool = await (
    await root.getDirectoryHandle('.opfs-libxmtp-metadata')
  ).getDirectoryHandle('.opaque');
  const files: { path: string; length: number }[] = [];
  let database: string | null = null;
  for await (const entry of pool.values()) {
    if (entry.kind !== 'file') continue;
    const file = await entry.getFile();
    const [header = ''] = (await file.slice(0, 512).text()).split('\0');
    const path = header.replace(/^\//, '');
    if (path === '') continue;
    files.push({ path, length: Math.max(0, file.size - 4096) });
    if (!path.endsWith('.db3') || file.size <= 4096) continue;
    database = await new Promise<string>((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve((reader.result as string).replace(/^[^,]*,/, ''));
      reader.onerror = () => reject(new Error(String(reader.error)));
      reader.readAsDataURL(file.slice(4096));
    });
  }
  return { files, database };
}

/** Asks the lab engine; null where none is listening. */
export function lab(request: LabRequest): Promise<LabAnswer | null> {
  const channel = new BroadcastChannel('lockstep-lab');
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(null), 2000);
    function finish(answer: LabAnswer | null): void {
      clearTimeout(timer);
      channel.close();
      resolve(answer);
    }
    channel.onmessage = ({ data }: MessageEvent<LabAnswer>) => finish(data);
    channel.postMessage(request);
  });
}

/** Changes the first file of libxmtp's pool whose path ends like this. Only while nothing has it open. */
export async function spoilDatabase(
  how: 'delete' | 'truncate' | 'garbage' | 'pages',
): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const pool = await (
    await root.getDirectoryHandle('.opfs-libxmtp-metadata')
  ).getDirectoryHandle('.opaque');
  for await (const entry of pool.values()) {
    if (entry.kind !== 'file') continue;
    const file = await entry.getFile();
    const [path = ''] = (await file.slice(0, 512).text()).split('\0');
    if (!path.endsWith('.db3') || file.size <= 4096) continue;
    if (how === 'delete') {
      await pool.removeEntry(entry.name);
      return;
    }
    const writable = await entry.createWritable({ keepExistingData: true });
    if (how === 'truncate') await writable.truncate(4096 + 50_000);
    // Two pages in the middle: the header stays as it was.
    else if (how === 'pages')
      await writable.write({
        type: 'write',
        position: 4096 * 21,
        data: new Uint8Array(8192).fill(7),
      });
    else await writable.write({ type: 'write', position: 4096, data: new Uint8Array(100).fill(7) });
    await writable.close();
    return;
  }
  throw new Error('There is no database.');
}

/** Puts a copy of the database where the page of the extension leaves files to restore. */
export async function leaveCopy(from: string, to: string): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle('lockstep-transfer', { create: true });
  const file = await (await folder.getFileHandle(from)).getFile();
  const bytes = await file.arrayBuffer();
  const writable = await (await folder.getFileHandle(to, { create: true })).createWritable();
  await writable.write(bytes);
  await writable.close();
}

/** Holds the lock of libxmtp's database as another context would, until the page goes. */
export async function holdDatabaseLock(): Promise<void> {
  await new Promise<void>((taken) => {
    void navigator.locks.request('lockstep-libxmtp-database', () => {
      taken();
      return new Promise<never>(() => undefined);
    });
  });
}

/** The dataset of the first element that matches; null where there is none. */
export function dataOf(selector: string): Record<string, string> | null {
  const element = document.querySelector<HTMLElement>(selector);
  return element === null
    ? null
    : (Object.fromEntries(Object.entries(element.dataset)) as Record<string, string>);
}

/** Leaves a file where the page leaves those that it was given. */
export async function leaveBytes(name: string, base64: string): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle('lockstep-transfer', { create: true });
  const writable = await (await folder.getFileHandle(name, { create: true })).createWritable();
  await writable.write(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  await writable.close();
}

/** Takes the permission to save files away, as the person can. */
export async function removeDownloads(): Promise<void> {
  interface Permissions {
    readonly permissions: { remove(which: { permissions: string[] }): Promise<boolean> };
  }
  const scope = globalThis as unknown as { readonly browser?: Permissions; chrome: Permissions };
  await (scope.browser ?? scope.chrome).permissions.remove({ permissions: ['downloads'] });
}
