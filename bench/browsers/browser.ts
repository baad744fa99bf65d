/** A browser that runs as a plain process while something is measured. */

export const measuredBrowsers = ['chromium', 'firefox'] as const;
export type BrowserName = (typeof measuredBrowsers)[number];

export interface RunningBrowser {
  /** Ends it as a person would, so that everything stored is on disk. */
  close(): Promise<void>;
  /** Resident memory of all its processes, in bytes; null where the system does not tell. */
  memory(): Promise<number | null>;
}

export interface BrowserStart {
  readonly profile: string;
  readonly extension: string;
}
