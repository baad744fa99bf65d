/** What the driver does on the history page. */
import type { Page } from '../pages/page.ts';
import { exists, isChecked, saves } from '../pages/reading.ts';
import * as read from '../pages/reading-history.ts';
import { until } from '../until.ts';

export interface HistoryDriver {
  /** Resolves with the request as shown, once it is no longer being sent. */
  requestHistory(options?: { readonly server?: string }): Promise<read.ShownHistoryRequest>;
  /** Waits until the request is in one of these states, as shown. */
  historyState(id: string, ...states: readonly string[]): Promise<read.ShownHistoryRequest>;
  /** Presses 'Ask again now' of the request that is open. */
  retryHistory(): Promise<void>;
  /** Presses 'Stop asking' of the request that is open. */
  cancelHistory(): Promise<void>;
  /** Sends an archive to the inbox's other installations, and waits for its end. */
  sendArchive(pin: string): Promise<read.ShownTransfer>;
  /** Looks for archives of other installations. */
  findArchives(): Promise<readonly read.ShownArchive[]>;
  /** Imports an offered archive by its pin, and waits for its end. */
  fetchArchive(pin: string): Promise<read.ShownTransfer>;
  /** Whether this installation answers requests of others. */
  setServing(enabled: boolean): Promise<void>;
  /** What went out and came in, newest first. */
  transfers(): Promise<readonly read.ShownTransfer[]>;
}

/** @param view shows a view of the popup's page. */
export function historyActions(page: Page, view: (hash: string) => Promise<void>): HistoryDriver {
  return {
    async requestHistory({ server } = {}) {
      await view('#/history');
      if (server !== undefined) {
        await page.click('[data-testid=history-more] summary');
        await page.fill('[data-testid=history-server]', server);
      }
      await page.click('[data-testid=request-history]');
      return until('the request to be sent', async () => {
        const { requested, requests } = await page.evaluate(read.history);
        const found = requests.find(({ id }) => id === requested);
        return found !== undefined && found.state !== 'sending' ? found : null;
      });
    },
    async historyState(id, ...states) {
      await view('#/history');
      return until(
        `the request to be ${states.join(' or ')}`,
        async () => {
          const { requests } = await page.evaluate(read.history);
          const found = requests.find((request) => request.id === id);
          if (found === undefined || states.includes(found.state)) return found;
          throw new Error(JSON.stringify(found));
        },
        120_000,
      );
    },
    async retryHistory() {
      await view('#/history');
      await page.click('[data-testid=retry-history]');
    },
    async cancelHistory() {
      await view('#/history');
      await page.click('[data-testid=cancel-history]');
    },
    async sendArchive(pin) {
      await view('#/history');
      await page.fill('[data-testid=archive-pin]', pin);
      await page.click('[data-testid=send-archive]');
      return transferEnd(page, 'sent', pin);
    },
    async findArchives() {
      await view('#/history');
      const before = await page.evaluate(read.archivesReadAt);
      await page.click('[data-testid=find-archives]');
      return until('the archives', () => page.evaluate(read.archives, before));
    },
    async fetchArchive(pin) {
      await view('#/history');
      await page.click(`[data-testid=offered-archive][data-pin="${pin}"] button`);
      return transferEnd(page, 'fetched', pin);
    },
    async setServing(enabled) {
      await view('#/settings');
      const box = '[data-testid=setting-serve-history]';
      await until('the settings', () => page.evaluate(exists, box));
      if ((await page.evaluate(isChecked, box)) === enabled) return;
      const before = await page.evaluate(saves);
      await page.click(box);
      await until('the setting to be stored', async () => (await page.evaluate(saves)) > before);
    },
    async transfers() {
      await view('#/history');
      return page.evaluate(read.transfers);
    },
  };
}

/** Waits until the newest transfer of a pin is over. */
function transferEnd(page: Page, kind: string, pin: string): Promise<read.ShownTransfer> {
  return until(
    `the archive ${pin} to be ${kind}`,
    async () => {
      const shown = await page.evaluate(read.transfers);
      const found = shown.find((transfer) => transfer.kind === kind && transfer.pin === pin);
      return found !== undefined && found.state !== 'working' ? found : null;
    },
    60_000,
  );
}
