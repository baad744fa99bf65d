/**
 * Firefox's remote protocol: JSON with its length before it, over TCP. WebDriver BiDi refuses to go to
 * `moz-extension:` pages, so this is used instead (docs/libxmtp.md#firefox-marionette).
 */
import { connect, type Socket } from 'node:net';
import { until } from '../until.ts';

type Reply = readonly [
  1,
  number,
  { readonly message?: string; readonly error?: string } | null,
  unknown,
];

export class Marionette {
  readonly #socket: Socket;
  readonly #waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void; command: string }
  >();
  #buffer = Buffer.alloc(0);
  #nextId = 1;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('close', () => this.#end(new Error('Firefox closed the connection.')));
    socket.on('error', (error) => this.#end(error));
  }

  /** Connects as soon as Firefox listens. */
  static async connect(port: number): Promise<Marionette> {
    const socket = await until(
      'Firefox to listen',
      () =>
        new Promise<Socket>((resolve, reject) => {
          const trying = connect({ host: '127.0.0.1', port });
          trying.once('connect', () => resolve(trying));
          trying.once('error', reject);
        }),
      60_000,
    );
    return new Marionette(socket);
  }

  send<Answer>(command: string, parameters: Record<string, unknown> = {}): Promise<Answer> {
    const id = this.#nextId++;
    const message = JSON.stringify([0, id, command, parameters]);
    this.#socket.write(`${Buffer.byteLength(message)}:${message}`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, command });
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const colon = this.#buffer.indexOf(0x3a);
      if (colon < 0) return;
      const length = Number(this.#buffer.subarray(0, colon).toString());
      const end = colon + 1 + length;
      if (this.#buffer.length < end) return;
      const message: unknown = JSON.parse(this.#buffer.subarray(colon + 1, end).toString());
      this.#buffer = this.#buffer.subarray(end);
      if (Array.isArray(message)) this.#settle(message as unknown as Reply);
    }
  }

  #settle([, id, error, result]: Reply): void {
    const call = this.#waiting.get(id);
    if (call === undefined) return;
    this.#waiting.delete(id);
    if (error === null) call.resolve(result);
    else call.reject(new Error(`${call.command}: ${error.error ?? ''} ${error.message ?? ''}`));
  }

  #end(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** Marionette has one current window, so whoever uses it has it alone. */
export class Turns {
  #tail: Promise<unknown> = Promise.resolve();
  take<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    const turn = this.#tail.then(act);
    this.#tail = turn.catch(() => undefined);
    return turn;
  }
}

/** Runs a script with the browser's own rights; it calls `done` with null or what went wrong. */
export async function inChrome(
  marionette: Marionette,
  script: string,
  args: readonly unknown[],
): Promise<void> {
  await marionette.send('Marionette:SetContext', { value: 'chrome' });
  try {
    const { value } = await marionette.send<{ value: string | null }>(
      'WebDriver:ExecuteAsyncScript',
      { script, args, newSandbox: true, sandbox: 'system' },
    );
    if (value !== null) throw new Error(value);
  } finally {
    await marionette.send('Marionette:SetContext', { value: 'content' });
  }
}
