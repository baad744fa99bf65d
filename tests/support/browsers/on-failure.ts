/**
 * Loaded before every end-to-end test: when one fails, says what the person would have seen, in words
 * (CI keeps nothing but what is printed) and as a picture in `output/failures`.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach } from 'vitest';
import * as beneath from '../faults/beneath.ts';
import { openDrivers } from '../driver/driver.ts';

const folder = path.join(import.meta.dirname, '../../../output/failures');

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await mkdir(folder, { recursive: true });
  for (const { browser, page } of openDrivers) {
    const file = path.join(folder, `${browser.name} ${task.name.replaceAll(/\W+/g, '-')}.png`);
    const shown = await page.evaluate(whatIsShown).catch(String);
    const { runs, ...work } = await page.evaluate(beneath.work).catch((error: unknown) => ({
      runs: [],
      error: String(error),
    }));
    const unhappy = runs.filter(({ state }) => state !== 'complete');
    await page.screenshot(file).catch(() => undefined);
    console.error(`${task.name}: ${browser.name} showed ${shown}\n  ${file}`);
    console.error(JSON.stringify({ ...work, runs: runs.length, unhappy }));
  }
});

function whatIsShown(): string {
  return `${location.href}\n${document.body.innerText.slice(0, 1500)}\n${[...document.querySelectorAll('details')].map((d) => d.textContent).join('|')}`;
}
