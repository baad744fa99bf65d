/**
 * Calls over a MessagePort that always settle: with an answer, an error, a deadline, or the other side's end.
 * The background and the engine use it; it knows neither.
 */
import { fromErrorRecord, LockstepError, toErrorRecord, type ErrorRecord } from './errors.ts';

/** A table that types calls, such as `EngineOperations`. */
type Table<T> = { [K in keyof T]: { input: unknown; output: unknown } };

type Request = { readonly id: number; readonly name: string; readonly input: unknown };
type Response =
  | { readonly id: number; readonly ok: true; readonly output: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ErrorRecord };
type Event = { readonly event: unknown };

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: LockstepError) => void;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

export interface RpcClient<Operations extends Table<Operations>> {
  /**
   * @param deadline milliseconds until the call fails with engine_timeout. The other side may still be at work
   *   then, so the caller decides whether to end it.
   */
  call<Name extends keyof Operations & string>(
    name: Name,
    input: Operations[Name]['input'],
    options: { readonly deadline: number },
  ): Promise<Operations[Name]['output']>;
  /** Fails every call, under way or later. For when the other side is known to be gone. */
  end(error: LockstepError): void;
}

/** The calling side. `onEvent` receives the other side's events and must not throw. */
export function createRpcClient<Operations extends Table<Operations>, Emitted>(
  port: MessagePort,
  onEvent: (event: Emitted) => void,
): RpcClient<Operations> {
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let ended: LockstepError | null = null;

  port.onmessage = ({ data }: MessageEvent<Response | Event>) => {
    if ('event' in data) {
      onEvent(data.event as Emitted);
      return;
    }
    const call = waiting.get(data.id);
    if (call === undefined) return; // answered after its deadline
    waiting.delete(data.id);
    clearTimeout(call.timer);
    if (data.ok) call.resolve(data.output);
    else call.reject(fromErrorRecord(data.error));
  };

  return {
    call(name, input, { deadline }) {
      if (ended !== null) return Promise.reject(ended);
      const id = nextId++;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(
            new LockstepError('engine_timeout', { detail: `${name} took over ${deadline} ms` }),
          );
        }, deadline);
        waiting.set(id, { resolve: resolve, reject, timer });
        try {
          port.postMessage({ id, name, input } satisfies Request);
        } catch (error) {
          waiting.delete(id);
          clearTimeout(timer);
          reject(new LockstepError('unexpected', { detail: String(error), cause: error }));
        }
      });
    },
    end(error) {
      ended ??= error;
      port.close();
      for (const call of waiting.values()) {
        clearTimeout(call.timer);
        call.reject(ended);
      }
      waiting.clear();
    },
  };
}

export type RpcHandlers<Operations extends Table<Operations>> = {
  readonly [Name in keyof Operations]: (
    input: Operations[Name]['input'],
  ) => Promise<Operations[Name]['output']>;
};

/**
 * The answering side. Handlers run as calls arrive; those that must not overlap have to queue. What a handler
 * throws reaches the caller as an error record.
 */
export function serveRpc<Operations extends Table<Operations>, Emitted>(
  port: MessagePort,
  handlers: RpcHandlers<Operations>,
): { emit(event: Emitted): void } {
  const table = handlers as Readonly<Record<string, (input: unknown) => Promise<unknown>>>;
  port.onmessage = ({ data }: MessageEvent<Request>) => {
    void answer(data).then((response) => port.postMessage(response));
  };

  async function answer({ id, name, input }: Request): Promise<Response> {
    const handler = Object.hasOwn(table, name) ? table[name] : undefined;
    try {
      if (handler === undefined) throw new LockstepError('bad_input', { detail: `no ${name}` });
      return { id, ok: true, output: await handler(input) };
    } catch (thrown) {
      return { id, ok: false, error: toErrorRecord(thrown) };
    }
  }

  return {
    emit(event) {
      port.postMessage({ event });
    },
  };
}
