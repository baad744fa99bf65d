/** Acting on the set-up page. */
import { randomBytes } from 'node:crypto';
import type { Page } from '../pages/page.ts';
import * as read from '../pages/reading.ts';
import { until } from '../until.ts';

const setup = 'pages/setup/index.html';

export function setUpActions(
  page: Page,
  hosts: { readonly node: string; readonly history: string } | undefined,
) {
  async function chooseNetwork() {
    await page.goto(setup);
    await until('the set-up page', () =>
      page.evaluate(read.setupPhase).then((p) => p === 'choose'),
    );
    await page.click('[data-testid=other-networks] summary');
    if (hosts === undefined) await page.click('[data-testid=network-local]');
    else {
      await page.click('[data-testid=network-own]');
      await page.fill('[data-testid=host-node]', hosts.node);
      await page.fill('[data-testid=host-history]', hosts.history);
    }
  }

  async function startAccount({
    privateKey = randomBytes(32).toString('hex'),
  }: { readonly privateKey?: string } = {}) {
    await chooseNetwork();
    await page.click('[data-testid=way-key]');
    await page.fill('[data-testid=private-key]', privateKey);
    await page.click('[data-testid=create-account]');
  }

  return { chooseNetwork, startAccount };
}
