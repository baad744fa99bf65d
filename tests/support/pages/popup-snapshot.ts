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
  const { 'popup-snapshot': text } = await (scope.browser ?? scope.chrome).storage.session.get(
    'popup-snapshot',
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

/**
 * Opens the popup's page beside this one and, in the very moment in which its rows are there, follows a
 * link in it, as who clicks at once. Answers with the view it shows then, or still shows two seconds later.
 */
export async function followedAtOnce(hash: string): Promise<string | undefined> {
  // Chromium gives a window's first document no API of extensions, so it is another one.
  const opened = open('/icons/16.png');
  if (opened === null) throw new Error('the browser opened no page');
  const app = () => opened.document.querySelector<HTMLElement>('[data-testid=app]');
  // This page is hidden now, so that its timers are rare.
  const { port1, port2 } = new MessageChannel();
  const next = () =>
    new Promise((resolve) => {
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
  const isAt = (path: string) => opened.location.pathname === path;
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await next();
  };
  try {
    await until(() => isAt('/icons/16.png'));
    opened.location.href = '/popup/index.html';
    await until(() => isAt('/popup/index.html'));
    await new Promise<void>((resolve) => {
      const look = () => {
        if (app() === null) return;
        observer.disconnect();
        resolve();
      };
      const observer = new MutationObserver(look);
      observer.observe(opened.document, { subtree: true, childList: true });
      look();
    });
    opened.location.hash = hash;
    const deadline = Date.now() + 2000;
    await until(() => `#/${app()?.dataset['screen']}` === hash || Date.now() > deadline);
    return app()?.dataset['screen'];
  } finally {
    port1.close();
    opened.close();
  }
}
