/**
 * Messages on the wire, the same for gRPC and gRPC-web: a byte of flags, a length, the message. gRPC-web
 * ends with one more frame that holds what gRPC says in trailers.
 */
import { RpcError } from './status.ts';

const headerLength = 5;
const compressed = 0x01;
const trailers = 0x80;

export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(headerLength + message.length);
  framed[0] = 0;
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, headerLength);
  return framed;
}

export function trailersFrame(headers: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const framed = frame(Buffer.from(lines.join('')));
  framed[0] = trailers;
  return framed;
}

/** The one message of a request. Throws RpcError where it is anything else. */
export function readOnlyMessage(body: Buffer): Buffer {
  if (body.length < headerLength) {
    throw new RpcError(
      'INVALID_ARGUMENT',
      body.length === 0 ? 'the request has no message' : 'the request ends inside a frame header',
    );
  }
  const flags = body.readUInt8(0);
  if ((flags & compressed) !== 0) {
    throw new RpcError('UNIMPLEMENTED', 'compressed messages are not supported');
  }
  if (flags !== 0) throw new RpcError('INVALID_ARGUMENT', `unknown frame flags ${flags}`);
  const end = headerLength + body.readUInt32BE(1);
  if (body.length < end) {
    throw new RpcError(
      'INVALID_ARGUMENT',
      `the request ends inside its message: ${body.length - headerLength} of ${end - headerLength} bytes`,
    );
  }
  if (body.length > end) {
    throw new RpcError('INVALID_ARGUMENT', 'the request has more than one message');
  }
  return body.subarray(headerLength, end);
}
