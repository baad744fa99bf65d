/**
 * The browser's downloads. The permission is optional: the person gives it when backups are switched on,
 * and may take it away at any time; then the interface itself is missing.
 */
import { sleep } from '../../shared/concurrency/sleep.ts';
import type { Downloads as Api } from 'webextension-polyfill';
import { LockstepError } from '../../shared/errors.ts';
import type { Downloads } from '../backups/scheduled-backups.ts';
import { browser } from './browser.ts';

/** Milliseconds between looks at a download; events would be lost where the interface comes and goes. */
const pause = 150;
/** A file from this computer to itself: longer than this, nobody is writing it. */
const patience = 5 * 60_000;

function api(): Api.Static {
  // Typed as always there, which it is not without the permission.
  const downloads = browser.downloads as Api.Static | undefined;
  if (downloads === undefined) throw new LockstepError('downloads_not_allowed');
  return downloads;
}

export const downloads: Downloads = {
  isAllowed: () => browser.permissions.contains({ permissions: ['downloads'] }),
  async save(url, path) {
    const id = await start(url, path);
    const deadline = Date.now() + patience;
    for (;;) {
      const [item] = await api().search({ id });
      if (item === undefined) throw new LockstepError('download_cancelled');
      if (item.state === 'complete') {
        return { downloadId: id, path: item.filename, bytes: item.fileSize };
      }
      if (item.state === 'interrupted') throw interruption(item.error);
      if (Date.now() > deadline) {
        await api().cancel(id);
        throw new LockstepError('download_failed', { detail: 'it did not come to its end' });
      }
      await sleep(pause);
    }
  },
  async remove({ path }) {
    try {
      // By its path: Firefox numbers downloads anew when it starts, and forgets those that are over.
      const [item] = await api().search({ filename: path });
      if (item === undefined || item.byExtensionId !== browser.runtime.id) return 'lost';
      // One that the person has moved or deleted is not there any more.
      await api()
        .removeFile(item.id)
        .catch(() => undefined);
      await api().erase({ id: item.id });
      return 'gone';
    } catch {
      return 'lost';
    }
  },
  async find(name) {
    try {
      const stem = name.replace(/\.[^.]+$/, '');
      const items = await api().search({});
      return items
        .filter(
          ({ filename, byExtensionId }) =>
            byExtensionId === browser.runtime.id && filename.includes(stem),
        )
        .map(({ id, filename }) => ({ downloadId: id, path: filename }));
    } catch {
      return []; // without the permission nothing is known, and nothing can be done
    }
  },
};

async function start(url: string, path: string): Promise<number> {
  try {
    return await api().download({
      url,
      filename: path,
      saveAs: false,
      conflictAction: 'uniquify',
    });
  } catch (error) {
    if (error instanceof LockstepError) throw error;
    throw new LockstepError('download_failed', { detail: String(error), cause: error });
  }
}

function interruption(reason: string | undefined): LockstepError {
  const detail = reason ?? 'no reason given';
  if (/^USER_/.test(detail)) return new LockstepError('download_cancelled', { detail });
  if (/NO_SPACE/.test(detail)) return new LockstepError('storage_full', { detail });
  return new LockstepError('download_failed', { detail });
}
