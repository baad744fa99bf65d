/** One HTTP request and its answer, over HTTP/1.1 or HTTP/2 alike: what calls and faults need of them. */
import type { Readable } from 'node:stream';

export interface Exchange {
  readonly httpMethod: string;
  readonly path: string;
  header(name: string): string | undefined;
  readonly body: Readable;
  /** Sends status and headers now. Native clients wait for them, also on a silent subscription. */
  begin(status: number, headers: Readonly<Record<string, string>>): void;
  /** Answers a promise where the other side reads slowly: wait for it before writing more. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** Ends the answer. Only HTTP/2 has trailers. */
  end(trailers?: Readonly<Record<string, string>>): void;
  /** A whole answer at once. */
  answer(
    status: number,
    headers: Readonly<Record<string, string>>,
    body?: Uint8Array,
    trailers?: Readonly<Record<string, string>>,
  ): void;
  /** Resolves when what was written is on its way, or nobody is there to get it. */
  flush(): Promise<void>;
  /** Ends the connection (HTTP/1.1) or the stream (HTTP/2) without another byte. */
  cut(): void;
  /** Called once, when the answer is sent or the other side is gone; at once if that is so already. */
  onClose(listener: () => void): void;
}

export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'too-long' }
  /** The other side went away while sending. */
  | { readonly kind: 'broken-off' };

/** Reads a request's body to its end. What is over the limit is read away, so that an answer arrives. */
export function readBody({ body }: Exchange, limit: number): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    body.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else chunks.length = 0;
    });
    body.once('end', () => {
      if (length > limit) return resolve({ kind: 'too-long' });
      const [only] = chunks;
      const bytes =
        chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length);
      resolve({ kind: 'whole', bytes });
    });
    body.once('close', () => resolve({ kind: 'broken-off' }));
  });
}

export const wait = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Lets the answer out no faster than `bytesPerSecond`, and makes its writer wait. */
export function throttled(exchange: Exchange, bytesPerSecond: number): Exchange {
  let tail = Promise.resolve();
  let isOpen = true;
  exchange.onClose(() => {
    isOpen = false;
  });
  const later = (bytes: number, act: () => unknown): Promise<void> => {
    tail = tail
      .then(() => (isOpen ? wait((bytes / bytesPerSecond) * 1000) : undefined))
      .then(async () => {
        if (isOpen) await act();
      });
    return tail;
  };
  const slow: Exchange = {
    ...exchange,
    write: (chunk) => later(chunk.length, () => exchange.write(chunk)),
    end: (trailers) => void later(0, () => exchange.end(trailers)),
    answer(status, headers, body, trailers) {
      exchange.begin(status, headers);
      if (body !== undefined) void slow.write(body);
      slow.end(trailers);
    },
  };
  return slow;
}
