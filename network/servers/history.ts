/** The history server: `POST /upload` answers an id, `GET /files/<id>` the archive. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { CallCounters } from '../faults/counters.ts';
import type { Ending, Faults } from '../faults/faults.ts';
import { http1Exchange } from '../rpc/exchange-http1.ts';
import { readBody, throttled, wait, type Exchange } from '../rpc/exchange.ts';
import type { GrpcStatus } from '../rpc/status.ts';
import type { Archives } from '../storage/archives.ts';
import { handleCors } from './cors.ts';

export const historyMethods = ['upload', 'files'] as const;

/** Archives of a large inbox reach tens of megabytes. */
const longestArchive = 512 * 1024 * 1024;
const plainText = { 'content-type': 'text/plain' };

export function createHistoryServer(
  archives: Archives,
  faults: Faults,
  counters: CallCounters,
): Server {
  return createServer((request, response) => {
    if (handleCors(request, response)) return;
    const exchange = http1Exchange(request, response);
    serve(exchange).catch(() => exchange.cut());
  });

  async function serve(exchange: Exchange): Promise<void> {
    const [, method = '', id = ''] = exchange.path.split('/');
    const body = await readBody(exchange, longestArchive);
    if (body.kind === 'broken-off') return;
    const counting = counters.of(method);
    counting.calls++;
    let out = exchange;
    const answer = (status: number, headers: Record<string, string>, bytes: Uint8Array) => {
      if (status >= 400) counting.failed++;
      counting.bytesSent += bytes.length;
      out.answer(status, headers, bytes);
    };
    const refuse = (status: number, text: string, headers: Record<string, string> = {}) =>
      answer(status, { ...plainText, ...headers }, Buffer.from(text));
    if (body.kind === 'too-long') {
      return refuse(413, `An archive has at most ${longestArchive} bytes.`);
    }
    const { bytes } = body;
    counting.bytesReceived += bytes.length;

    const { latencyMilliseconds, bytesPerSecond, ending } = faults.decide(method, bytes, false);
    const transfer = bytesPerSecond === null ? 0 : (bytes.length / bytesPerSecond) * 1000;
    if (latencyMilliseconds + transfer > 0) await wait(latencyMilliseconds + transfer);
    if (bytesPerSecond !== null) out = throttled(exchange, bytesPerSecond);
    switch (ending?.kind) {
      case 'fail':
        return refuse(
          httpStatus[ending.status],
          ending.message ?? `injected ${ending.status}`,
          retryAfter(ending),
        );
      case 'http':
        return refuse(ending.status, 'injected');
      case 'drop':
        counting.failed++;
        return exchange.cut();
      case 'hang':
        counting.failed++;
        return;
    }

    if (exchange.httpMethod === 'POST' && method === 'upload' && id === '') {
      if (bytes.length === 0) return refuse(400, 'The archive is empty.');
      const fresh = randomUUID();
      archives.put(fresh, bytes);
      if (ending?.kind !== 'lose-answer') return answer(200, plainText, Buffer.from(fresh));
      counting.failed++;
      return exchange.cut();
    }
    if (exchange.httpMethod === 'GET' && method === 'files') {
      const found = archives.get(id);
      if (found === null) return refuse(404, 'There is no such archive.');
      return answer(200, { 'content-type': 'application/octet-stream' }, found);
    }
    refuse(404, 'There are POST /upload and GET /files/<id>.');
  }
}

function retryAfter({ retryAfterMilliseconds }: Extract<Ending, { kind: 'fail' }>) {
  if (retryAfterMilliseconds === undefined) return {};
  return { 'retry-after': String(Math.ceil(retryAfterMilliseconds / 1000)) };
}

/** As google.rpc.Code maps to HTTP. */
const httpStatus: Readonly<Record<GrpcStatus, number>> = {
  CANCELLED: 499,
  UNKNOWN: 500,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  PERMISSION_DENIED: 403,
  RESOURCE_EXHAUSTED: 429,
  FAILED_PRECONDITION: 400,
  ABORTED: 409,
  OUT_OF_RANGE: 400,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
  UNAUTHENTICATED: 401,
};
