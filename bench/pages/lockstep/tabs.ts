/** Tabs, by the extension's own means: no permission is needed for them. */

/** Opens a tab in front, so that it is painted and not throttled. */
export async function openTab(url: string): Promise<void> {
  await chrome.tabs.create({ url, active: true });
}

/** Closes every tab but this page's. */
export async function closeOtherTabs(): Promise<void> {
  const own = await chrome.tabs.getCurrent();
  const others = (await chrome.tabs.query({})).filter(({ id }) => id !== own?.id);
  await chrome.tabs.remove(others.flatMap(({ id }) => (id === undefined ? [] : [id])));
}
