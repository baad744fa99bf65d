/**
 * The few browser functions that pages use, and the only file of the interface that knows of them.
 * Chrome's own promises are enough here, so pages do not load the polyfill: it would be a tenth of
 * the popup's first load.
 */
import type { Browser } from 'webextension-polyfill';

declare const globalThis: { readonly browser?: Browser; readonly chrome?: Browser };

function extension(): Browser {
  const api = globalThis.browser ?? globalThis.chrome;
  if (api === undefined) throw new Error('This page only works inside the Lockstep extension.');
  return api;
}

/** The text of a message in the person's language; empty where the key is unknown. */
export function localisedMessage(key: string, substitutions: readonly string[]): string {
  return extension().i18n.getMessage(key, [...substitutions]);
}

/** The browser's own language, a BCP 47 tag. */
export function browserLanguage(): string {
  return extension().i18n.getUILanguage();
}

/** Opens a page of the extension in a tab and brings it to the front. `path` is from its root. */
export async function openExtensionPage(path: string): Promise<void> {
  await extension().tabs.create({ url: extension().runtime.getURL(path) });
}

/** Whether this page is the browser's popup, which goes when something else gets the focus. */
export async function isPopup(): Promise<boolean> {
  return (await extension().tabs.getCurrent()) === undefined;
}

/**
 * Asks the person for the permission to save files. To be called from a click, before anything is waited
 * for. Answers whether it is there.
 */
export function requestDownloads(): Promise<boolean> {
  return extension().permissions.request({ permissions: ['downloads'] });
}

/** The extension's version, as in its manifest. */
export function extensionVersion(): string {
  return extension().runtime.getManifest().version;
}

/** What the background keeps in the browser's memory under `key`; undefined where there is nothing. */
export async function sessionValue(key: string): Promise<unknown> {
  return (await extension().storage.session.get(key))[key];
}

/** Asks the background; settles with whatever it answers. */
export function sendToBackground(message: unknown): Promise<unknown> {
  return extension().runtime.sendMessage(message);
}
