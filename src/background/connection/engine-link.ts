/**
 * One engine as the background holds it. Guarantee: every call settles, also when the worker dies at
 * any moment from its start, or never starts.
 */
import type { EngineEvent, EngineOperations } from '../../shared/engine-protocol.ts';
import { LockstepError } from '../../shared/errors.ts';
import type { ProbeBaseline } from '../../shared/probe-baseline.ts';
import { createRpcClient, type RpcClient } from '../../shared/rpc.ts';
import type { EngineHost } from './engine-host.ts';

export interface EngineLink {
  readonly rpc: RpcClient<EngineOperations>;
  /** False for a worker that an earlier life of the background left running. */
  readonly fresh: boolean;
  /** Fails every call with this reason, and looks no further after the worker. */
  end(reason: LockstepError): void;
}

/** Milliseconds in which a worker says that it lives; longer than any machine should take. */
const startDeadline = 20_000;
const closeDeadline = 15_000;
/**
 * Milliseconds in which what a worker said last arrives although its end was noticed: its lock and its port
 * go different ways, and in Firefox the lock is at times the faster one.
 */
const lastWords = 100;

/** @param onGone the worker ended by itself or was killed; calls have failed with this error. */
export async function linkEngine(
  host: EngineHost,
  onEvent: (event: EngineEvent) => void = () => undefined,
  onGone: (error: LockstepError) => void = () => undefined,
): Promise<EngineLink> {
  const { port, fresh } = await host.connect();
  const watching = new AbortController();
  const lose = (detail: string) => {
    if (watching.signal.aborted) return;
    const error = new LockstepError('engine_crashed', { detail });
    end(error);
    onGone(error);
  };
  const rpc = createRpcClient<EngineOperations, EngineEvent>(port, (event) => {
    if (event.type === 'alive') {
      clearTimeout(starting);
      // Only from here on is its lock a sign of life.
      host.gone(watching.signal).then(
        () => setTimeout(() => lose('the engine ended'), lastWords),
        () => undefined, // no longer watched
      );
    }
    onEvent(event);
  });
  // Where the browser says so (Chrome ≥ 122), also of a worker that died before it held its lock.
  port.addEventListener('close', () => lose('the engine ended'));
  const starting = setTimeout(() => lose('the engine did not start'), startDeadline);
  function end(reason: LockstepError): void {
    clearTimeout(starting);
    watching.abort();
    rpc.end(reason);
  }
  return { rpc, fresh, end };
}

/**
 * Asks the worker to end itself between operations (docs/libxmtp.md#hot-journal), and ends it if it does not. Answers
 * what the worker vouched for; nothing if it did not end by itself.
 */
export async function endGently(
  host: EngineHost,
  { rpc, end }: EngineLink,
): Promise<ProbeBaseline | null> {
  const done = new LockstepError('database_released');
  let recorded: ProbeBaseline | null = null;
  try {
    const { baseline } = await rpc.call('close', {}, { deadline: closeDeadline });
    await host.gone(AbortSignal.timeout(closeDeadline));
    recorded = baseline;
  } catch {
    await host.terminate().catch(() => undefined);
  } finally {
    end(done);
  }
  await host.release();
  return recorded;
}
