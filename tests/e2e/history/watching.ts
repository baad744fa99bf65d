/** A conversation in a tab of its own that stays open: what changes there changes by itself. */
import type { Driver } from '../../support/driver/driver.ts';
import type { Page } from '../../support/pages/page.ts';
import { until } from '../../support/until.ts';

export interface ShownThere {
  readonly id: string | undefined;
  readonly active: boolean;
  readonly hasComposer: boolean;
  readonly canRestart: boolean;
  /** Whether the page is still the one that was opened. */
  readonly isSamePage: boolean;
}

export interface Watch {
  readonly page: Page;
  shown(): Promise<ShownThere>;
  /** Waits until the conversation can be written to, in the same page. */
  becomesActive(): Promise<ShownThere>;
}

export async function watch(driver: Driver, conversationId: string): Promise<Watch> {
  const page = await driver.browser.newPage();
  await page.goto(`popup/index.html#/conversation/${conversationId}`);
  const shown = () => page.evaluate(readThere);
  await until('the conversation', async () => (await shown()).id !== undefined);
  await page.evaluate(markPage);
  return {
    page,
    shown,
    becomesActive: () =>
      until('the conversation to be active', async () => {
        const there = await shown();
        return there.active ? there : Promise.reject(new Error(JSON.stringify(there)));
      }),
  };
}

function markPage(): void {
  document.documentElement.dataset['watched'] = 'yes';
}

function readThere() {
  const exists = (testid: string) => document.querySelector(`[data-testid=${testid}]`) !== null;
  const view = document.querySelector<HTMLElement>('[data-testid=conversation]');
  return {
    id: view?.dataset['conversationId'],
    active: view?.dataset['active'] === 'true',
    hasComposer: exists('composer'),
    canRestart: exists('restart-dm'),
    isSamePage: document.documentElement.dataset['watched'] === 'yes',
  };
}
