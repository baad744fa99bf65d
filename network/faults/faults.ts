/**
 * Faults on demand. A fault says which calls it concerns and what becomes of them. Several may stand at
 * once: latencies add up, the narrowest bandwidth holds, and the first of the others decides.
 */
import type { GrpcStatus } from '../rpc/status.ts';

/** Slows a call down, which then goes on. */
export type Slowdown =
  | { readonly kind: 'latency'; readonly milliseconds: number }
  /** Of requests and of answers, each. */
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number };

/** Decides how a call ends. */
export type Ending =
  /** Answers with a gRPC status, on the history server with the HTTP status that corresponds. */
  | {
      readonly kind: 'fail';
      readonly status: GrpcStatus;
      readonly message?: string;
      readonly retryAfterMilliseconds?: number;
    }
  /** Answers with an HTTP status, as a proxy before the node would. */
  | { readonly kind: 'http'; readonly status: number }
  /** Cuts the connection without an answer. */
  | { readonly kind: 'drop' }
  /** Takes the call and never answers. */
  | { readonly kind: 'hang' }
  /** Passes the call on and cuts the connection instead of answering: done, but not known to be. */
  | { readonly kind: 'lose-answer' }
  /** Only for subscriptions: serves this many messages, then cuts the stream. */
  | { readonly kind: 'cut-after'; readonly messages: number };

export interface Fault {
  /** The method's name without its service, or `upload`, `files` of the history server; null for all. */
  readonly method: string | null;
  /** Only calls that carry these bytes (hex) in their request: a group id, an installation key. */
  readonly containing?: string;
  /** How many calls it concerns before it is over; without it, until it is removed. */
  readonly times?: number;
  /** The share of calls that it concerns, between 0 and 1; without it, all of them. */
  readonly share?: number;
  readonly effect: Slowdown | Ending;
}

export interface Verdict {
  readonly latencyMilliseconds: number;
  /** null where nothing limits it. */
  readonly bytesPerSecond: number | null;
  /** null for what a healthy network does. */
  readonly ending: Ending | null;
}

interface Standing {
  readonly id: number;
  readonly fault: Fault;
  left: number;
  /** Spreads a share evenly instead of by chance, so that tests repeat. */
  debt: number;
}

const healthy: Verdict = { latencyMilliseconds: 0, bytesPerSecond: null, ending: null };

export class Faults {
  #standing: Standing[] = [];
  #nextId = 1;

  /** Answers an id to remove it by. */
  add(fault: Fault): number {
    const id = this.#nextId++;
    this.#standing.push({ id, fault, left: fault.times ?? Number.POSITIVE_INFINITY, debt: 0 });
    return id;
  }

  remove(id: number): void {
    this.#standing = this.#standing.filter((standing) => standing.id !== id);
  }

  clear(): void {
    this.#standing = [];
  }

  list(): readonly { readonly id: number; readonly fault: Fault }[] {
    return this.#standing.map(({ id, fault }) => ({ id, fault }));
  }

  /** What is to become of a call. */
  decide(method: string, body: Buffer, isSubscription: boolean): Verdict {
    let verdict = healthy;
    for (const standing of this.#standing) {
      const { effect } = standing.fault;
      if (effect.kind === 'cut-after' && !isSubscription) continue;
      const isDecided = verdict.ending !== null;
      const slowsDown = effect.kind === 'latency' || effect.kind === 'bandwidth';
      // What another fault has decided already is not counted here.
      if ((isDecided && !slowsDown) || !this.#strikes(standing, method, body)) continue;
      verdict = add(verdict, effect);
    }
    return verdict;
  }

  #strikes(standing: Standing, method: string, body: Buffer): boolean {
    const { fault } = standing;
    if (fault.method !== null && fault.method !== method) return false;
    if (fault.containing !== undefined && !body.includes(Buffer.from(fault.containing, 'hex'))) {
      return false;
    }
    standing.debt += fault.share ?? 1;
    if (standing.debt < 1) return false;
    standing.debt -= 1;
    standing.left -= 1;
    if (standing.left <= 0) this.remove(standing.id);
    return true;
  }
}

function add(verdict: Verdict, effect: Fault['effect']): Verdict {
  switch (effect.kind) {
    case 'latency': {
      const latencyMilliseconds = verdict.latencyMilliseconds + effect.milliseconds;
      return { ...verdict, latencyMilliseconds };
    }
    case 'bandwidth': {
      const { bytesPerSecond } = verdict;
      const narrower = Math.min(bytesPerSecond ?? Infinity, effect.bytesPerSecond);
      return { ...verdict, bytesPerSecond: narrower };
    }
    default:
      return { ...verdict, ending: effect };
  }
}
