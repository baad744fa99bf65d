/** A call's answer, as gRPC or as gRPC-web says it. */
import type { Exchange } from './exchange.ts';
import { frame, trailersFrame } from './framing.ts';
import { statusHeaders, type RpcError } from './status.ts';

export type Protocol = 'grpc' | 'grpc-web';

/** The protocol of a content type; null for what is neither. `+proto` is the only codec. */
export function protocolOf(contentType: string | undefined): Protocol | null {
  switch (contentType?.split(';', 1)[0]?.trim().toLowerCase()) {
    case 'application/grpc':
    case 'application/grpc+proto':
      return 'grpc';
    case 'application/grpc-web':
    case 'application/grpc-web+proto':
      return 'grpc-web';
    default:
      return null;
  }
}

export class Reply {
  readonly #exchange: Exchange;
  readonly #protocol: Protocol;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #sent: (bytes: number) => void;
  #isOpen = false;

  /** @param sent is told of every byte of the body. */
  constructor(exchange: Exchange, protocol: Protocol, sent: (bytes: number) => void) {
    this.#exchange = exchange;
    this.#protocol = protocol;
    this.#headers = { 'content-type': `application/${protocol}+proto` };
    this.#sent = sent;
  }

  /** The one message of a unary call. */
  unary(message: Uint8Array): void {
    const trailers = statusHeaders(null);
    const framed = frame(message);
    const isWeb = this.#protocol === 'grpc-web';
    const body = isWeb ? Buffer.concat([framed, trailersFrame(trailers)]) : framed;
    this.#sent(body.length);
    this.#exchange.answer(200, this.#headers, body, trailers);
  }

  /** Sends headers; messages and the end follow. */
  open(): void {
    this.#isOpen = true;
    this.#exchange.begin(200, this.#headers);
  }

  message(message: Uint8Array): Promise<void> | undefined {
    const framed = frame(message);
    this.#sent(framed.length);
    return this.#exchange.write(framed);
  }

  /** Ends the call; null where it went well. */
  close(error: RpcError | null): void {
    const status = statusHeaders(error);
    if (!this.#isOpen) return this.#exchange.answer(200, { ...this.#headers, ...status });
    if (this.#protocol === 'grpc') return this.#exchange.end(status);
    const trailers = trailersFrame(status);
    this.#sent(trailers.length);
    void this.#exchange.write(trailers);
    this.#exchange.end();
  }
}
