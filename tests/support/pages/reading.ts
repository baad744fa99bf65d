/**
 * Functions that run inside the page. Each stands alone: it is sent as text and sees nothing of this
 * file but its own arguments.
 */

export interface ShownRun {
  readonly id: string;
  readonly state: string;
  readonly scope: string;
  readonly consent: string | null;
  readonly trigger: string;
  readonly joined: number;
  readonly completes: string | null;
  readonly completedBy: string | null;
  readonly error: string | null;
  readonly failures: readonly { readonly code: string; readonly conversationId: string | null }[];
  /** By field; null where libxmtp reports none. Undefined for runs without a summary. */
  readonly summary: Readonly<Record<string, number | null>> | null;
  /** What the eligible conversations are; null where that is not said, or not known. */
  readonly eligibleParts: {
    readonly conversations: number;
    readonly deviceSync: number;
    readonly duplicates: number;
    readonly unidentified: number;
  } | null;
}

export interface ShownConversation {
  readonly index: number;
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly preview: string;
  readonly unread: number;
  readonly consent: string;
  readonly pinned: boolean;
  /** Whether it can be written to. */
  readonly active: boolean;
  readonly lastActivityAt: number;
}

export interface ShownRequest {
  readonly index: number;
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly text: string;
}

export interface ShownMessage {
  readonly id: string;
  readonly text: string;
  readonly own: boolean;
  readonly type: string;
  readonly sender: string;
  readonly sentAt: number;
}

export function requestCount(): number {
  return Number(document.querySelector<HTMLElement>('[data-testid=app]')?.dataset['requests'] ?? 0);
}

export function requestedRun(): { count: number; runId: string | null } {
  const app = document.querySelector<HTMLElement>('[data-testid=app]');
  return {
    count: Number(app?.dataset['requests'] ?? 0),
    runId: app?.dataset['requestedRun'] ?? null,
  };
}

export function isChecked(selector: string): boolean {
  return document.querySelector<HTMLInputElement>(selector)?.checked === true;
}

export function exists(selector: string): boolean {
  return document.querySelector(selector) !== null;
}

export function isReady(): boolean {
  return document.querySelector<HTMLElement>('[data-testid=app]')?.dataset['ready'] === 'true';
}

export function setupPhase(): string | null {
  return document.querySelector<HTMLElement>('[data-testid=setup]')?.dataset['phase'] ?? null;
}

export function setupFailure(): string | null {
  const error = document.querySelector<HTMLElement>('[data-testid=setup] [data-testid=error]');
  return error === null ? null : `${error.dataset['errorCode'] ?? ''}: ${error.textContent ?? ''}`;
}

export function firstSync(): string | null {
  const section = document.querySelector<HTMLElement>('[data-testid=first-sync]');
  return section?.dataset['runId'] ?? null;
}

export function identity(): { inboxId: string; installationId: string; address: string } | null {
  const account = document.querySelector<HTMLElement>('[data-testid=account]');
  const { inboxId, installationId, address } = account?.dataset ?? {};
  return inboxId === undefined || installationId === undefined || address === undefined
    ? null
    : { inboxId, installationId, address };
}

export function runs(): ShownRun[] {
  const number = (text: string | undefined) => (text === undefined ? null : Number(text));
  return [...document.querySelectorAll<HTMLElement>('[data-testid=run]')].map((run) => {
    const rows = run.querySelectorAll<HTMLElement>('[data-testid=run-summary] [data-field]');
    const failures = [...run.querySelectorAll<HTMLElement>('[data-testid=run-failure]')];
    const error = run.querySelector<HTMLElement>('.inside > [data-testid=error]');
    const parts = run.querySelector<HTMLElement>('[data-testid=eligible-parts]')?.dataset;
    const { dataset } = run;
    return {
      id: dataset['runId'] ?? '',
      state: dataset['runState'] ?? '',
      scope: dataset['scope'] ?? '',
      consent: dataset['consent'] ?? null,
      trigger: dataset['trigger'] ?? '',
      joined: Number(dataset['joined']),
      completes: dataset['completes'] ?? null,
      completedBy: dataset['completedBy'] ?? null,
      error: error?.dataset['errorCode'] ?? null,
      failures: failures.map((failure) => ({
        code: failure.dataset['errorCode'] ?? '',
        conversationId: failure.dataset['conversationId'] ?? null,
      })),
      eligibleParts:
        parts?.['conversations'] === undefined
          ? null
          : {
              conversations: Number(parts['conversations']),
              deviceSync: Number(parts['deviceSync']),
              duplicates: Number(parts['duplicates']),
              unidentified: Number(parts['unidentified']),
            },
      summary:
        rows.length === 0
          ? null
          : Object.fromEntries(
              [...rows].map((row) => [row.dataset['field'] ?? '', number(row.dataset['value'])]),
            ),
    };
  });
}

export function runsAreLoaded(): boolean {
  return document.querySelector('[data-testid=run-list], [data-testid=empty]') !== null;
}

export function conversationRows(): ShownConversation[] {
  const rows = document.querySelectorAll<HTMLElement>('[data-testid=conversation-row]');
  return [...rows].map((row) => ({
    index: Number(row.dataset['index']),
    id: row.dataset['conversationId'] ?? '',
    kind: row.dataset['kind'] ?? '',
    title: row.querySelector('[data-testid=conversation-title]')?.textContent ?? '',
    preview: row.querySelector('[data-testid=conversation-preview]')?.textContent ?? '',
    unread: Number(row.dataset['unread']),
    consent: row.dataset['consent'] ?? '',
    pinned: row.dataset['pinned'] === 'true',
    active: row.dataset['active'] === 'true',
    lastActivityAt: Number(row.dataset['lastActivity']),
  }));
}

export function requestRows(): ShownRequest[] {
  return [...document.querySelectorAll<HTMLElement>('[data-testid=request-row]')].map((row) => ({
    index: Number(row.dataset['index']),
    id: row.dataset['conversationId'] ?? '',
    kind: row.dataset['kind'] ?? '',
    title: row.querySelector('[data-testid=conversation-title]')?.textContent ?? '',
    text: row.textContent ?? '',
  }));
}

/** Null while the list is being read; 0 where the empty state stands. */
export function listLength(testid: string): number | null {
  const list = document.querySelector<HTMLElement>(`[data-testid=${testid}]`);
  if (list !== null) return Number(list.dataset['total']);
  return document.querySelector('[data-testid=empty]') === null ? null : 0;
}

export function scrollToRow(testid: string, index: number): void {
  const list = document.querySelector<HTMLElement>(`[data-testid=${testid}]`);
  if (list !== null) list.scrollTop = index * Number(list.dataset['rowHeight']);
}

export function hasRow(testid: string, index: number): boolean {
  return document.querySelector(`[data-testid=${testid}] [data-index="${index}"]`) !== null;
}

export function messagesAreLoaded(): boolean {
  return document.querySelector('[data-testid=message-list]') !== null;
}

export function allMessagesAreLoaded(): boolean {
  const list = document.querySelector<HTMLElement>('[data-testid=message-list]');
  return list?.dataset['complete'] === 'true';
}

export function scrollToOldest(): number {
  const list = document.querySelector<HTMLElement>('[data-testid=message-list]');
  if (list === null) return 0;
  list.scrollTop = 0;
  list.dispatchEvent(new Event('scroll'));
  return Number(list.dataset['loaded']);
}

export function moreThan(loaded: number): boolean {
  const list = document.querySelector<HTMLElement>('[data-testid=message-list]');
  return Number(list?.dataset['loaded']) > loaded || list?.dataset['complete'] === 'true';
}

export function messages(): ShownMessage[] {
  return [...document.querySelectorAll<HTMLElement>('[data-testid=message]')].map((message) => ({
    id: message.dataset['messageId'] ?? '',
    text: message.querySelector('[data-testid=message-text]')?.textContent ?? '',
    own: message.dataset['own'] === 'true',
    type: message.dataset['contentType'] ?? '',
    sender: message.dataset['sender'] ?? '',
    sentAt: Number(message.dataset['sentAt']),
  }));
}

export function composerIsEmpty(): boolean {
  return document.querySelector<HTMLTextAreaElement>('[data-testid=composer]')?.value === '';
}

/** Throws where it failed, so that a test does not wait for what cannot come. */
export function isSent(text: string): boolean {
  const entries = [...document.querySelectorAll<HTMLElement>('[data-testid=outbox-entry]')];
  const isThis = (element: Element) =>
    element.querySelector('[data-testid=message-text]')?.textContent === text;
  if (entries.some(isThis)) return false;
  return [...document.querySelectorAll('[data-testid=message]')].some(isThis);
}

export function hasConsent(state: string): boolean {
  const conversation = document.querySelector<HTMLElement>('[data-testid=conversation]');
  return conversation?.dataset['consent'] === state;
}

/** Null while there is no button to press. */
export function isPressed(selector: string): boolean | null {
  const pressed = document.querySelector(selector)?.getAttribute('aria-pressed');
  return pressed == null ? null : pressed === 'true';
}

export function connection(): string | null {
  const button = document.querySelector<HTMLElement>('[data-testid=connection]');
  return button?.dataset['connectionState'] ?? null;
}

export function live(): string | null {
  return document.querySelector<HTMLElement>('[data-testid=connection]')?.dataset['live'] ?? null;
}

export function completeAt(): number | null {
  const at = document.querySelector<HTMLElement>('[data-testid=complete-at]')?.dataset['at'];
  return at === undefined ? null : Number(at);
}

/** Settles when a running sync is at a step, or when none runs any more; answers which. */
export function untilStep(step: string): Promise<'at the step' | 'over'> {
  return new Promise((resolve) => {
    let hasRun = false;
    const look = () => {
      const run = document.querySelector<HTMLElement>('[data-testid=active-run]');
      hasRun ||= run !== null;
      if (run?.dataset['step'] === step) resolve('at the step');
      else if (hasRun && run === null) resolve('over');
      else return;
      observer.disconnect();
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, attributes: true });
    look();
  });
}

/** Which of these words stand in libxmtp's files, as bytes: its database is not encrypted. */
export async function wordsInDatabase(words: readonly string[]): Promise<string[]> {
  let directory = await navigator.storage.getDirectory();
  for (const name of ['.opfs-libxmtp-metadata', '.opaque']) {
    directory = await directory.getDirectoryHandle(name);
  }
  const found = new Set<string>();
  for await (const entry of directory.values()) {
    if (!(entry instanceof FileSystemFileHandle)) continue;
    const bytes = new Uint8Array(await (await entry.getFile()).arrayBuffer());
    // One character a byte, so that words that are ASCII stay what they are.
    const text = new TextDecoder('latin1').decode(bytes);
    for (const word of words) if (text.includes(word)) found.add(word);
  }
  return [...found];
}

export function saves(): number {
  return Number(document.querySelector<HTMLElement>('[data-testid=settings]')?.dataset['saves']);
}

/** A native list opens outside of the page; this is what choosing from it does. */
export function choose(selector: string, value: string): void {
  const select = document.querySelector<HTMLSelectElement>(selector);
  if (select === null) throw new Error(`no ${selector}`);
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

/** Changes the view of an open popup page; false where another page is open. */
export function goWithin(hash: string): boolean {
  if (!location.pathname.endsWith('/popup/index.html')) return false;
  if (document.querySelector('[data-testid=app]') === null) return false;
  for (const dialog of document.querySelectorAll('dialog')) dialog.close();
  location.hash = hash;
  return true;
}

export function isAt(hash: string): boolean {
  const app = document.querySelector<HTMLElement>('[data-testid=app]');
  const [, view = ''] = hash.split('/');
  const screen = app?.dataset['screen'];
  return app?.dataset['ready'] === 'true' && screen === (view === '' ? 'conversations' : view);
}
