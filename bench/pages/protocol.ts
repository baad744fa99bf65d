/**
 * What the measured pages can be told to do. They ask the collector for their next action and post what
 * came of it, so nothing is attached to them while they are measured.
 */
import type { StepTimes } from '../../src/shared/run.ts';

export interface Hosts {
  readonly node: string;
  readonly history: string;
}

export interface Person extends Hosts {
  /** 64 hex digits. All installations of an inbox use the same key. */
  readonly privateKey: string;
}

interface Action<Input, Output> {
  readonly input: Input;
  readonly output: Output;
}

/** What the official SDK and the bare bindings are told, in pages of their own. Times in milliseconds. */
export type ContestantActions = {
  /** A new installation, registered and synced once while the inbox is empty. */
  register: Action<Person, null>;
  /** Allows conversations that it does not know yet. */
  allow: Action<{ readonly conversationIds: readonly string[] }, null>;
  /** Opens the client in a fresh worker; answers how long it took. */
  open: Action<Person, number>;
  /** A sync of allowed conversations; answers how long it took. */
  sync: Action<null, number>;
  /** Syncs, again if need be, until so many messages are there. */
  syncUntil: Action<
    { readonly messages: number },
    { readonly took: number; readonly rounds: number }
  >;
  /** Reads the list of allowed conversations and the latest 20 messages of the first `conversations`. */
  read: Action<{ readonly conversations: number }, number>;
  count: Action<null, { readonly conversations: number; readonly messages: number }>;
  /** Opens the client and paints 50 rows; counted from the page's navigation, less idle waiting. */
  show: Action<Person, number>;
  close: Action<null, null>;
};

/** Asking the person's other installations for what was written before this one joined. */
export interface HistoryQuery {
  /** The round trip is over when all of them are here. */
  readonly conversations: number;
  readonly messages: number;
  /** Where the answer is left. */
  readonly history: string;
}

export type SdkActions = ContestantActions & {
  /** Asks for history; answers how long it took until all of it could be read. */
  requestHistory: Action<HistoryQuery, number>;
};

/** A run as a page saw it; times in milliseconds since it was asked for. */
export interface RunTimeline {
  readonly ended: number;
  /** How long each step took, by the run's own record. */
  readonly steps: StepTimes;
  /** When the wanted conversations were readable in the store; null where none were asked for. */
  readonly readable: number | null;
  /** When the popup, open all the while, had painted what changed; null where nothing was awaited. */
  readonly shown: number | null;
  readonly newMessages: number;
  /** Commits other than to the run's record and the connection's. */
  readonly otherCommits: number;
}

export interface SyncQuery {
  /** Tells when so many most recent conversations had so many messages each in the store. */
  readonly readable: { readonly conversations: number; readonly messages: number } | null;
  /** Waits until the open popup has repainted the rows of these conversations. */
  readonly shown: readonly string[] | null;
}

/** One opening of the popup, in milliseconds since its navigation. */
export interface PopupOpening {
  /** Everything has been loaded; what follows is our own. */
  readonly scriptStart: number;
  /** The rows are in the document. */
  readonly rowsReady: number;
  readonly rowsPainted: number;
  readonly rows: number;
}

export type LockstepActions = {
  setUp: Action<Person, null>;
  sync: Action<SyncQuery, RunTimeline>;
  /**
   * Lets the alarm ring that periodic syncs come by; answers how long its run took by its own record, and
   * whether the database was opened for it.
   */
  ring: Action<null, { readonly took: number; readonly opened: boolean }>;
  /** Drops the database; answers how long until the engine's worker was gone. */
  drop: Action<null, number>;
  /** Seconds without work after which the engine ends itself. */
  setIdleClose: Action<{ readonly seconds: number }, null>;
  /** Asks for history by the command of the popup; answers how long until the store has it. */
  requestHistory: Action<HistoryQuery, number>;
  countStored: Action<null, { readonly conversations: number; readonly messages: number }>;
  engine: Action<null, { readonly worker: boolean; readonly offscreenDocument: boolean }>;
  /** Writes a synthetic inbox into the store; nothing else of Lockstep takes part. */
  fill: Action<{ readonly conversations: number; readonly messagesEach: number }, null>;
  openPopup: Action<null, PopupOpening>;
  /** Opens what the popup showed last as bare markup; to be called after `openPopup`. */
  openStill: Action<null, PopupOpening>;
  closePopup: Action<null, null>;
  openTab: Action<{ readonly url: string }, null>;
  closeTab: Action<null, null>;
};

export interface ActionsOf {
  readonly lockstep: LockstepActions;
  readonly sdk: SdkActions;
  readonly bindings: ContestantActions;
}

export type AgentName = keyof ActionsOf;

export interface Command {
  readonly id: number;
  readonly action: string;
  readonly input: unknown;
}

export type Answer =
  | { readonly id: number; readonly ok: true; readonly output: unknown }
  | { readonly id: number; readonly ok: false; readonly error: string };
