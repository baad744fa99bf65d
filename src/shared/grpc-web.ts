/** gRPC-web's framing, as far as observing calls needs it. */

const trailerFlag = 0x80;
/** A flag and a length before each frame. */
const frameHeader = 5;

export interface GrpcOutcome {
  /** 0 is success; null where the answer has none (truncated, not gRPC). */
  readonly status: number | null;
  readonly message: string;
  /** From `retry-after`, in milliseconds; null when the server did not say. */
  readonly retryAfter: number | null;
}

/** Reads a call's outcome from its answer's headers, or from the trailer frame at the end of its body. */
export function readOutcome(headers: Headers, body: Uint8Array): GrpcOutcome {
  const retryAfter = readRetryAfter(headers.get('retry-after'));
  const inHeaders = headers.get('grpc-status');
  if (inHeaders !== null) {
    const message = decodeMessage(headers.get('grpc-message') ?? '');
    return { status: Number(inHeaders), message, retryAfter };
  }
  const trailers = readTrailers(body);
  const status = trailers.get('grpc-status');
  return {
    status: status === undefined ? null : Number(status),
    message: decodeMessage(trailers.get('grpc-message') ?? ''),
    retryAfter: retryAfter ?? readRetryAfter(trailers.get('retry-after') ?? null),
  };
}

/** The first message of a request or an answer; null where it has none. */
export function firstMessage(body: Uint8Array): Uint8Array | null {
  for (const { isTrailer, payload } of frames(body)) if (!isTrailer) return payload;
  return null;
}

interface Frame {
  readonly isTrailer: boolean;
  readonly payload: Uint8Array;
}

function* frames(body: Uint8Array): Generator<Frame> {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let at = 0;
  while (at + frameHeader <= body.length) {
    const isTrailer = (view.getUint8(at) & trailerFlag) !== 0;
    const length = view.getUint32(at + 1);
    const start = at + frameHeader;
    if (start + length > body.length) return;
    yield { isTrailer, payload: body.subarray(start, start + length) };
    at = start + length;
  }
}

function readTrailers(body: Uint8Array): Map<string, string> {
  const trailers = new Map<string, string>();
  for (const { isTrailer, payload } of frames(body)) {
    if (!isTrailer) continue;
    for (const line of new TextDecoder().decode(payload).split('\r\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) {
        trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
      }
    }
  }
  return trailers;
}

function decodeMessage(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function readRetryAfter(value: string | null): number | null {
  if (value === null || value === '') return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}
