/** Calls with nothing between the test and the socket, for what a library would not send. */
import { create, toBinary, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { request } from 'node:http';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import type { LocalNetwork } from '../../../network/index.ts';
import type { ProtocolName } from './wire.ts';

export interface RawAnswer {
  readonly httpStatus: number;
  /** Headers and trailers together, wherever the protocol puts them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A message in its frame. */
export function framed<Schema extends DescMessage>(
  schema: Schema,
  init: MessageInitShape<Schema>,
): Buffer {
  const message = toBinary(schema, create(schema, init));
  const header = Buffer.alloc(5);
  header.writeUInt32BE(message.length, 1);
  return Buffer.concat([header, message]);
}

interface RawOptions {
  readonly httpMethod?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** @param body null sends none. */
export function rawCall(
  network: LocalNetwork,
  protocol: ProtocolName,
  path: string,
  body: Buffer | null,
  options: RawOptions = {},
): Promise<RawAnswer> {
  const { grpc, grpcWeb } = network.addresses;
  return protocol === 'gRPC'
    ? rawGrpc(grpc, path, body, options)
    : rawGrpcWeb(grpcWeb, path, body, options);
}

function rawGrpc(
  address: string,
  path: string,
  body: Buffer | null,
  { httpMethod = 'POST', headers = {} }: RawOptions,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const session = connect(address);
    session.once('error', reject);
    const stream = session.request({
      ':method': httpMethod,
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    const found: Record<string, string> = {};
    const note = (received: IncomingHttpHeaders) => {
      for (const [name, value] of Object.entries(received)) found[name] = String(value);
    };
    const chunks: Buffer[] = [];
    stream.on('response', note);
    stream.on('trailers', note);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('error', reject);
    stream.once('close', () => {
      session.close();
      const httpStatus = Number(found[':status']);
      resolve({ httpStatus, headers: found, body: Buffer.concat(chunks) });
    });
    stream.end(body ?? undefined);
  });
}

function rawGrpcWeb(
  address: string,
  path: string,
  body: Buffer | null,
  { httpMethod = 'POST', headers = {} }: RawOptions,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sending = request(`${address}${path}`, {
      method: httpMethod,
      headers: { 'content-type': 'application/grpc-web+proto', ...headers },
    });
    sending.once('error', reject);
    sending.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const received = Buffer.concat(chunks);
        const found = { ...(response.headers as Record<string, string>), ...trailersIn(received) };
        resolve({ httpStatus: response.statusCode ?? 0, headers: found, body: received });
      });
    });
    sending.end(body ?? undefined);
  });
}

/** gRPC-web's last frame, as headers. */
function trailersIn(body: Buffer): Record<string, string> {
  let at = 0;
  while (at + 5 <= body.length) {
    const end = at + 5 + body.readUInt32BE(at + 1);
    if (((body[at] ?? 0) & 0x80) !== 0) {
      const lines = body
        .subarray(at + 5, end)
        .toString('utf8')
        .split('\r\n');
      return Object.fromEntries(
        lines.flatMap((line) => {
          const [name, ...value] = line.split(':');
          return name === undefined || name === '' ? [] : [[name, value.join(':').trim()]];
        }),
      );
    }
    at = end;
  }
  return {};
}
