/** The cheapest clients that there can be, so that it is the network that is measured. */
import { Agent, request } from 'node:http';
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { SubscribeGroupMessagesRequestSchema } from '../network/gen/xmtp/mls/api/v1/mls_pb.ts';
import { framed } from './network-calls.ts';

export interface Caller {
  /** Throws where the answer is not that all went well. */
  call(method: string, body: Buffer): Promise<void>;
  /** Answers once the subscription stands; calls back for every message. Answers how to end it. */
  subscribe(groupId: Uint8Array, onMessage: () => void): Promise<() => void>;
  close(): void;
}

const services: Readonly<Record<string, string>> = {
  GetInboxIds: 'xmtp.identity.api.v1.IdentityApi',
};
const pathOf = (method: string) => `/${services[method] ?? 'xmtp.mls.api.v1.MlsApi'}/${method}`;
const filter = (groupId: Uint8Array) =>
  framed(SubscribeGroupMessagesRequestSchema, { filters: [{ groupId }] });

/** Native gRPC on one HTTP/2 session. */
export function grpcCaller(address: string): Caller {
  const session = connect(address);
  const open = (method: string) =>
    session.request({
      ':method': 'POST',
      ':path': pathOf(method),
      'content-type': 'application/grpc',
      te: 'trailers',
    });
  return {
    call: (method, body) =>
      new Promise((resolve, reject) => {
        const stream = open(method);
        let status: unknown;
        stream.on('response', (headers) => (status = headers['grpc-status']));
        stream.on(
          'trailers',
          (trailers: IncomingHttpHeaders) => (status = trailers['grpc-status']),
        );
        stream.once('error', reject);
        stream.once('close', () =>
          status === '0' ? resolve() : reject(new Error(`${method}: status ${String(status)}`)),
        );
        stream.resume();
        stream.end(body);
      }),
    subscribe: (groupId, onMessage) =>
      new Promise((resolve, reject) => {
        const stream = open('SubscribeGroupMessages');
        stream.on('error', reject);
        stream.on('data', onMessage);
        stream.once('response', () => resolve(() => stream.close()));
        stream.end(filter(groupId));
      }),
    close: () => session.destroy(),
  };
}

/** gRPC-web on kept connections. */
export function grpcWebCaller(address: string): Caller {
  const agent = new Agent({ keepAlive: true });
  const open = (method: string) =>
    request(`${address}${pathOf(method)}`, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/grpc-web+proto' },
    });
  return {
    call: (method, body) =>
      new Promise((resolve, reject) => {
        const sending = open(method);
        sending.once('error', reject);
        sending.once('response', (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.once('error', reject);
          response.once('end', () => {
            const isOk = Buffer.concat(chunks).includes('grpc-status: 0');
            if (isOk) resolve();
            else reject(new Error(`${method}: ${String(response.headers['grpc-message'])}`));
          });
        });
        sending.end(body);
      }),
    subscribe: (groupId, onMessage) =>
      new Promise((resolve, reject) => {
        const sending = open('SubscribeGroupMessages');
        sending.on('error', reject);
        sending.once('response', (response) => {
          response.on('error', () => undefined);
          response.on('data', onMessage);
          resolve(() => sending.destroy());
        });
        sending.end(filter(groupId));
      }),
    close: () => agent.destroy(),
  };
}
