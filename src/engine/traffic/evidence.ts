/**
 * What the worker's traffic shows about an operation. libxmtp resolves a sync whose calls failed as if
 * nothing were new, so summaries rest on this evidence (docs/libxmtp.md#sync-hides-failures).
 */
import type { ErrorCode } from '../../shared/errors.ts';
import type { TrafficSummary } from '../../shared/run.ts';

export type CallOutcome =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      readonly detail: string;
      readonly retryAfter: number | null;
    };
export type CallFailure = Extract<CallOutcome, { ok: false }>;

export interface ObservedCall {
  /** The RPC's name, or `upload` and `files` for the history server. */
  readonly method: string;
  /** The group that a message query asked for, as hex; null for other calls. */
  readonly groupId: string | null;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Whether the answer carried messages. */
  readonly found: boolean;
  readonly outcome: CallOutcome;
}

/** What an operation does in the middle of calls. Its methods must not throw. */
export interface CallWatcher {
  /**
   * A call is about to leave; `passing` or `failed` follows.
   * @param body the request's bytes, valid only during this call; null where they are not at hand.
   */
  sending?(method: string, body: Uint8Array | null): void;
  /** Sees a successful answer; libxmtp gets it once this settles. */
  passing?(method: string, answer: Uint8Array): void | Promise<void>;
  failed?(method: string): void;
}

/** Collects the calls of one operation. */
export class Evidence {
  #calls = 0;
  #failedCalls = 0;
  #bytesSent = 0;
  #bytesReceived = 0;
  #expected: number | null = null;
  #done = 0;
  #part: 'recent' | 'all' = 'all';
  #watchers: readonly CallWatcher[] = [];
  readonly #fetchedGroups = new Set<string>();
  /** Groups that count as done; some are fetched a second time. */
  readonly #counted = new Set<string>();
  /** The latest call by method and group: libxmtp repeats failed calls, and a success makes up for them. */
  readonly #last = new Map<string, ObservedCall>();

  add(call: ObservedCall): void {
    this.#calls++;
    this.#bytesSent += call.bytesSent;
    this.#bytesReceived += call.bytesReceived;
    this.#last.set(`${call.method} ${call.groupId ?? ''}`, call);
    if (!call.outcome.ok) {
      this.#failedCalls++;
      for (const watcher of this.#watchers) watcher.failed?.(call.method);
    } else if (call.groupId !== null) {
      this.#fetchedGroups.add(call.groupId);
      if (!this.#counted.has(call.groupId)) this.#done++;
      this.#counted.add(call.groupId);
    }
  }

  get traffic(): TrafficSummary {
    return {
      calls: this.#calls,
      failedCalls: this.#failedCalls,
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
    };
  }

  /** Groups whose messages were fetched, as hex ids. */
  get fetchedGroups(): ReadonlySet<string> {
    return this.#fetchedGroups;
  }

  watch(...watchers: readonly CallWatcher[]): void {
    this.#watchers = watchers;
  }

  sending(method: string, body: Uint8Array | null): void {
    for (const watcher of this.#watchers) watcher.sending?.(method, body);
  }

  async passing(method: string, answer: Uint8Array): Promise<void> {
    for (const watcher of this.#watchers) await watcher.passing?.(method, answer);
  }

  /** Sets how many groups the operation will fetch, where that is known beforehand. */
  expect(groups: number): void {
    this.#expected = groups;
  }

  /** Adds groups to fetch, including some that were fetched before; counting goes on. */
  expectAgain(groups: number): void {
    this.#counted.clear();
    this.#expected = this.#done + groups;
  }

  /** Sets which part of the operation is under way. */
  begin(part: 'recent' | 'all'): void {
    this.#part = part;
  }

  /** Progress in groups; it never goes back. */
  get progress(): {
    readonly part: 'recent' | 'all';
    readonly done: number;
    readonly total: number | null;
  } {
    const done = this.#done;
    const total = this.#expected === null ? null : Math.max(done, this.#expected);
    return { part: this.#part, done, total };
  }

  /** Whether there were calls and all of them failed. */
  get nothingWorked(): boolean {
    return this.#calls > 0 && this.#failedCalls === this.#calls;
  }

  /** Calls whose last try failed, by group. */
  failures(): readonly { readonly groupId: string | null; readonly failure: CallFailure }[] {
    return [...this.#last.values()].flatMap(({ groupId, outcome }) =>
      outcome.ok ? [] : [{ groupId, failure: outcome }],
    );
  }
}
