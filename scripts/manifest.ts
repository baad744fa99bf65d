/** From the one manifest to each browser's: what a browser rejects or warns about is left out. */

export type BrowserName = 'chrome' | 'firefox';

export interface Manifest {
  readonly background: { readonly service_worker?: string; readonly scripts?: readonly string[] };
  readonly permissions: readonly string[];
  readonly [key: string]: unknown;
}

export function manifestFor(browser: BrowserName, manifest: Manifest): Record<string, unknown> {
  const { background, permissions, ...rest } = manifest;
  const { service_worker, scripts, ...common } = background;
  if (browser === 'chrome') {
    const { browser_specific_settings: _firefoxOnly, ...chrome } = rest;
    return { ...chrome, permissions, background: { ...common, service_worker } };
  }
  const { minimum_chrome_version: _chromeOnly, ...firefox } = rest;
  return {
    ...firefox,
    // Firefox has no offscreen documents; its background page starts the worker itself.
    permissions: permissions.filter((permission) => permission !== 'offscreen'),
    background: { ...common, scripts },
  };
}
