/** What the driver needs of a page, alike in both browsers. Input is the browser's own, not events. */

export interface Page {
  /** Goes to an address inside the extension, such as `popup/index.html#/requests`, or to a web page. */
  goto(path: string): Promise<void>;
  /** Runs a function in the page with arguments and answer as JSON. */
  evaluate<Args extends readonly unknown[], Answer>(
    run: (...args: Args) => Answer | Promise<Answer>,
    ...args: Args
  ): Promise<Answer>;
  click(selector: string): Promise<void>;
  /** Replaces what a text field holds by typing. */
  fill(selector: string, text: string): Promise<void>;
  /** Chooses a file in a file field, as the browser's own dialog does. */
  choose(selector: string, file: string): Promise<void>;
  press(selector: string, key: 'Enter' | 'Tab' | 'Escape'): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  setDark(dark: boolean): Promise<void>;
  /** Writes a PNG of what is visible. */
  screenshot(file: string): Promise<void>;
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** The browser's popup over a page. It goes when the browser closes it, and then nothing works. */
export interface Popup extends Pick<Page, 'evaluate' | 'click'> {
  close(): Promise<void>;
}

export interface Browser {
  readonly name: 'chromium' | 'firefox';
  /** Opens a blank tab. */
  newPage(): Promise<Page>;
  /** Clicks the extension's button in the toolbar, over this page. */
  clickAction(page: Page): Promise<Popup>;
  /** Ends the service worker (Chromium) or suspends the event page (Firefox), whatever it is doing. */
  killBackground(): Promise<void>;
  /** Ends the engine's worker, whatever it is doing. Throws where none runs. */
  killEngine(): Promise<void>;
  /** Ends every process of the extension as a crash does (Chromium), or the whole browser (Firefox). */
  crashRenderer(): Promise<void>;
  /** Ends the browser with SIGKILL. Afterwards only launching another one with its profile helps. */
  kill(): Promise<void>;
  /** To be called before an engine starts that is to be killed: Firefox has to watch it start. */
  prepareKill(): Promise<void>;
  /**
   * Runs axe-core (its source) on a page, past the page's own content security policy. Answers what is
   * wrong, in words.
   */
  inspect(page: Page, axe: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface BrowserOptions {
  /** The profile's folder; kept after closing. */
  readonly profile: string;
  /** The unpacked extension. */
  readonly extension: string;
  readonly headless: boolean;
  /** Where the browser saves what is downloaded. */
  readonly downloads: string;
}

/** A function as source text, for a browser that takes scripts as text. */
export function sourceOf(run: (...args: never[]) => unknown): string {
  // tsx keeps function names by calling this helper, which pages do not have.
  return `((__name) => (${run.toString()}))((named) => named)`;
}

/** A function whose source is axe-core followed by a run of it. */
export function withAxe(axe: string): () => Promise<string[]> {
  const run = async () => [] as string[];
  run.toString = () => `() => { ${axe}; return (${sourceOf(runAxe)})(); }`;
  return run;
}

/** Runs inside the page, after axe-core. */
async function runAxe(): Promise<string[]> {
  interface Violation {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }
  const { axe } = globalThis as unknown as {
    readonly axe: { run(): Promise<{ readonly violations: readonly Violation[] }> };
  };
  const { violations } = await axe.run();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}
