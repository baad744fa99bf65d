/**
 * Runs the engine's operations one at a time on the open session, each with the evidence of its own traffic,
 * and translates what they throw.
 */
import { PausableQueue } from '../../shared/concurrency/pausable-queue.ts';
import type {
  EngineEvent,
  EngineOperation,
  EngineOperations,
  OpenInput,
  OpenOutput,
} from '../../shared/engine-protocol.ts';
import { LockstepError, storageError } from '../../shared/errors.ts';
import { translateError } from '../errors.ts';
import { BaselineRecorder } from '../freshness/baseline-recorder.ts';
import { checkpointCommits, writesSoFar } from '../opfs/coalesce.ts';
import { Evidence, type ObservedCall } from '../traffic/evidence.ts';
import { observeTraffic, type TrafficObserver } from '../traffic/observer.ts';
import { openSession, prepareStorage } from './open-session.ts';
import type { OperationContext, Session } from './session.ts';

/** The worker's global scope, as far as the engine uses it. */
export interface EngineScope {
  fetch: typeof fetch;
  Request: typeof Request;
  readonly location: { readonly origin: string };
  /** Ends the worker. */
  close(): void;
}

export type Handler<Op extends EngineOperation> = (
  input: EngineOperations[Op]['input'],
) => Promise<EngineOperations[Op]['output']>;

/** An operation's work on the open session. */
type SessionWork<Op extends EngineOperation> = (
  context: OperationContext,
  input: EngineOperations[Op]['input'],
) => Promise<EngineOperations[Op]['output']>;

export class OperationRunner {
  readonly traffic: TrafficObserver;
  readonly recorder = new BaselineRecorder({ writes: writesSoFar, now: Date.now });
  readonly #scope: EngineScope;
  readonly #emit: (event: EngineEvent) => void;
  readonly #queue = new PausableQueue();
  #session: Session | null = null;
  /** Of the operation under way. */
  #evidence: Evidence | null = null;
  #calls = 0;
  #storageFailure: string | null = null;

  /** Replaces the scope's `fetch` and `Request`, so it must be made before libxmtp starts. */
  constructor(scope: EngineScope, emit: (event: EngineEvent) => void) {
    this.#scope = scope;
    this.#emit = emit;
    this.traffic = observeTraffic(scope, {
      seen: (call) => this.#seen(call),
      answered: (exchange) => this.recorder.answered(exchange),
      sending: (method, body) => this.#evidence?.sending(method, body),
      passing: (method, answer) => this.#evidence?.passing(method, answer) ?? Promise.resolve(),
      publishing: checkpointCommits,
    });
  }

  /** Runs work alone: it waits for the operations before it. */
  alone<Output>(work: (evidence: Evidence) => Promise<Output>): Promise<Output> {
    return this.#queue.add(async () => {
      const evidence = new Evidence();
      this.traffic.newOperation();
      // While an operation pauses, others run in the middle of it.
      const outer = this.#evidence;
      this.#evidence = evidence;
      try {
        const output = await work(evidence);
        // The caller acts on the answer, so a kill must not undo what it rests on.
        checkpointCommits();
        if (this.#storageFailure !== null) throw storageError(this.#storageFailure);
        return output;
      } catch (thrown) {
        if (this.#storageFailure !== null) throw storageError(this.#storageFailure);
        throw translateError(thrown, evidence);
      } finally {
        this.#evidence = outer;
        this.traffic.newOperation();
      }
    });
  }

  /**
   * Makes a handler that works on the open session and throws database_released where there is none.
   * @param remembers false for work that changes no conversation, or only through calls that the traffic
   *   observer hears of first.
   */
  withSession<Op extends EngineOperation>(
    work: SessionWork<Op>,
    { remembers = true } = {},
  ): Handler<Op> {
    return (input) =>
      this.alone(async (evidence) => {
        const session = this.#session;
        if (session === null) {
          throw new LockstepError('database_released', { detail: 'the database is not open' });
        }
        if (remembers) session.pending.remember();
        const pause = (patience: number) => this.#queue.pause(patience);
        return work({ session, evidence, emit: this.#emit, pause }, input);
      });
  }

  /** Makes a handler that works on libxmtp's files. Throws database_locked where a session is open. */
  withoutSession<Op extends EngineOperation>(work: Handler<Op>): Handler<Op> {
    return (input) =>
      this.alone(async () => {
        if (this.#session !== null) {
          throw new LockstepError('database_locked', { detail: 'the database is open' });
        }
        return this.withStorage(() => work(input));
      });
  }

  /** Runs work on libxmtp's files, whether or not a session is open. */
  async withStorage<Output>(work: () => Promise<Output>): Promise<Output> {
    await prepareStorage(this.#endAfterStorageFailure);
    return work();
  }

  async open(input: OpenInput): Promise<OpenOutput> {
    this.traffic.configure(input.endpoints);
    this.traffic.allowUploads(input.serveHistory);
    if (this.#session === null) {
      this.#session = await openSession(input, this.#endAfterStorageFailure);
    } else if (this.#session.input.databaseName !== input.databaseName) {
      throw new LockstepError('database_locked', { detail: 'another database is open here' });
    }
    // Where it was open already, the background lost its port and connects again.
    return this.#session.opened;
  }

  /** Lets a paused operation go on. */
  resume(): void {
    this.#queue.resume();
  }

  /** Network calls since the last time this was asked. */
  takeCallCount(): number {
    const taken = this.#calls;
    this.#calls = 0;
    return taken;
  }

  /** Ends the worker once its current answer has left. libxmtp has nothing half-written between operations. */
  end(): void {
    setTimeout(() => this.#scope.close(), 0);
  }

  #seen(call: ObservedCall): void {
    this.#calls++;
    this.#evidence?.add(call);
    this.#session?.pending.addCall(call);
    if (this.#evidence !== null && isFetchedConversation(call)) {
      this.#emit({ type: 'progress', ...this.#evidence.progress, at: Date.now() });
    }
  }

  /**
   * Nothing is written from now on, so the worker may end at any point: recovery works with what is on the
   * disk. libxmtp itself may now report success, or never answer.
   */
  readonly #endAfterStorageFailure = (detail: string): void => {
    this.#storageFailure = detail;
    this.#emit({ type: 'storage-failed', detail });
    this.#scope.close();
  };
}

/** For work that needs no session and does not wait for operations: translates what it throws. */
export async function translated<Output>(work: () => Promise<Output>): Promise<Output> {
  try {
    return await work();
  } catch (thrown) {
    throw translateError(thrown, null);
  }
}

function isFetchedConversation({ groupId, outcome }: ObservedCall): boolean {
  return groupId !== null && outcome.ok;
}
