/**
 * Functions that run inside the history page. Each stands alone: it is sent as text and sees nothing of
 * this file but its own arguments.
 */

export interface ShownHistoryRequest {
  readonly id: string;
  readonly state: string;
  readonly others: number;
  /** How often it was sent. */
  readonly times: number;
  /** Archives that came without any history. */
  readonly emptyArchives: number;
  /** The error code of what went wrong last, while it goes on. */
  readonly problem: string | null;
  readonly newMessages: number | null;
  readonly newConversations: number | null;
  /** The installation whose archive is being imported or was. */
  readonly archiveFrom: string | null;
  /** Step names with their states, in order. */
  readonly steps: readonly string[];
}

export interface ShownTransfer {
  readonly kind: string;
  readonly state: string;
  readonly pin: string;
  readonly installationId: string | null;
  readonly newMessages: number | null;
  readonly error: string | null;
}

export interface ShownArchive {
  readonly pin: string;
  readonly sender: string;
  readonly text: string;
}

export function history(): { requested: string | null; requests: ShownHistoryRequest[] } {
  const app = document.querySelector<HTMLElement>('[data-testid=app]');
  const requests = [...document.querySelectorAll<HTMLElement>('[data-testid=history-request]')];
  const number = (text: string | undefined) => (text === undefined ? null : Number(text));
  return {
    requested: app?.dataset['requestedHistory'] ?? null,
    requests: requests.map((request) => ({
      id: request.dataset['requestId'] ?? '',
      state: request.dataset['state'] ?? '',
      others: Number(request.dataset['others']),
      times: Number(request.dataset['times']),
      emptyArchives: Number(request.dataset['emptyArchives']),
      problem: request.dataset['problem'] ?? null,
      newMessages: number(request.dataset['newMessages']),
      newConversations: number(request.dataset['newConversations']),
      archiveFrom: request.dataset['archiveFrom'] ?? null,
      steps: [...request.querySelectorAll<HTMLElement>('[data-step]')].map(
        ({ dataset }) => `${dataset['step'] ?? ''} ${dataset['stepState'] ?? ''}`,
      ),
    })),
  };
}

export function transfers(): ShownTransfer[] {
  return [...document.querySelectorAll<HTMLElement>('[data-testid=transfer]')].map(
    ({ dataset }) => ({
      kind: dataset['transferKind'] ?? '',
      state: dataset['state'] ?? '',
      pin: dataset['pin'] ?? '',
      installationId: dataset['installationId'] ?? null,
      newMessages: dataset['newMessages'] === undefined ? null : Number(dataset['newMessages']),
      error: dataset['errorCode'] ?? null,
    }),
  );
}

/** Null while they have not been looked for since `after`. */
export function archives(after: number): ShownArchive[] | null {
  const offered = document.querySelector<HTMLElement>('[data-testid=offered-archives]');
  if (!(Number(offered?.dataset['readAt'] ?? 0) > after)) return null;
  return [...document.querySelectorAll<HTMLElement>('[data-testid=offered-archive]')].map(
    (archive) => ({
      pin: archive.dataset['pin'] ?? '',
      sender: archive.dataset['sender'] ?? '',
      text: archive.textContent ?? '',
    }),
  );
}

export function archivesReadAt(): number {
  const offered = document.querySelector<HTMLElement>('[data-testid=offered-archives]');
  return Number(offered?.dataset['readAt'] ?? 0);
}
