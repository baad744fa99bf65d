export type BrowserName = 'chromium' | 'firefox';
/** Brings browsers that are missing, or says what to install and ends the process. */
export function ensureBrowsers(browsers: readonly BrowserName[]): void;
/** The executable's path. Throws where it is not installed. */
export function findChromium(): string;
export function findFirefox(): string;
