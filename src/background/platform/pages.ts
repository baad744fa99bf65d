import { browser } from './browser.ts';

export const setupPage = 'pages/setup/index.html';

/** After the installation, once: a new tab with the first steps. */
export async function openSetupPage(): Promise<void> {
  await browser.tabs.create({ url: browser.runtime.getURL(setupPage) });
}
