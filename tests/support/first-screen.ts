/**
 * Functions that run inside a page of the extension: the popup's first picture, and a store that answers
 * nobody while one looks at it. Each stands alone (see `reading.ts`).
 */

/** The conversations in the picture, in its order; null where there is none. */
export async function pictured(): Promise<
  readonly { readonly id: string; readonly unread: number }[] | null
> {
  interface Session {
    readonly storage: {
      readonly session: { get(key: string): Promise<Record<string, string | undefined>> };
    };
  }
  const scope = globalThis as unknown as { readonly browser?: Session; readonly chrome: Session };
  const { 'first-screen': text } = await (scope.browser ?? scope.chrome).storage.session.get(
    'first-screen',
  );
  if (text === undefined) return null;
  const { rows } = JSON.parse(text) as { rows: { id: string; unread: number }[] };
  return rows.map(({ id, unread }) => ({ id, unread }));
}

/** Takes the picture away. */
export async function forgetPicture(): Promise<void> {
  interface Session {
    readonly storage: { readonly session: { clear(): Promise<void> } };
  }
  const scope = globalThis as unknown as { readonly browser?: Session; readonly chrome: Session };
  await (scope.browser ?? scope.chrome).storage.session.clear();
}

/** Holds every record of the store: whoever reads waits until `releaseStore`. Answers once it is held. */
export async function holdStore(): Promise<void> {
  const { dataset } = document.documentElement;
  dataset['holding'] = 'true';
  for (const { name } of await indexedDB.databases()) {
    if (name?.startsWith('lockstep') !== true) continue;
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onerror = () => reject(new Error(String(opening.error)));
      opening.onsuccess = () => {
        const database = opening.result;
        const names = [...database.objectStoreNames];
        const store = database.transaction(names, 'readwrite').objectStore(names[0]!);
        // A transaction lives for as long as it is asked something.
        const ask = () => {
          store.count().onsuccess = () => {
            resolve();
            if (dataset['holding'] === 'true') ask();
            else database.close();
          };
        };
        ask();
      };
    });
  }
}

export function releaseStore(): void {
  document.documentElement.dataset['holding'] = 'false';
}
