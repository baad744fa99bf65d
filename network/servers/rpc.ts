/**
 * The node's two RPC ports from one set of handlers: native gRPC over cleartext HTTP/2, and gRPC-web
 * over HTTP/1.1. Faults act and counters count before the handlers. Nothing that a client sends may end
 * this process: every call ends in an answer or a closed stream.
 */
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttp2Server, type Http2Server } from 'node:http2';
import type { CallCounters } from '../faults/counters.ts';
import type { Faults, Verdict } from '../faults/faults.ts';
import { deadlineExceeded, readTimeout } from '../rpc/deadline.ts';
import { http1Exchange } from '../rpc/exchange-http1.ts';
import { http2Exchange } from '../rpc/exchange-http2.ts';
import { readBody, throttled, wait, type Exchange } from '../rpc/exchange.ts';
import { readOnlyMessage } from '../rpc/framing.ts';
import { protocolOf, Reply } from '../rpc/reply.ts';
import type { Route } from '../rpc/routes.ts';
import { asRpcError, RpcError } from '../rpc/status.ts';
import { handleCors } from './cors.ts';

/** What the public node takes in one call is not documented; ten of the largest messages fit. */
export const longestRequest = 12 * 1024 * 1024;

export interface RpcServers {
  readonly grpc: Http2Server;
  readonly grpcWeb: Server;
  /** Cuts every subscription; answers how many there were. */
  cutStreams(): number;
  /** Subscriptions that are open now. */
  openStreams(): number;
}

export function createRpcServers(
  routes: ReadonlyMap<string, Route>,
  faults: Faults,
  counters: CallCounters,
): RpcServers {
  const streams = new Set<Exchange>();

  async function serve(exchange: Exchange): Promise<void> {
    const protocol = protocolOf(exchange.header('content-type'));
    if (exchange.httpMethod !== 'POST') return exchange.answer(405, { allow: 'POST' });
    if (protocol === null) {
      return exchange.answer(415, {
        'accept-post': 'application/grpc+proto, application/grpc-web+proto',
      });
    }
    const { path } = exchange;
    const route = routes.get(path);
    const method = path.slice(path.lastIndexOf('/') + 1);
    const body = await readBody(exchange, longestRequest);
    if (body.kind === 'broken-off') return;
    const counting = counters.of(method);
    counting.calls++;
    const sent = (bytes: number) => void (counting.bytesSent += bytes);
    let reply = new Reply(exchange, protocol, sent);
    const fail = (error: unknown) => {
      counting.failed++;
      reply.close(asRpcError(error));
    };
    if (body.kind === 'too-long') {
      return fail(
        new RpcError('RESOURCE_EXHAUSTED', `the request is longer than ${longestRequest} bytes`),
      );
    }
    counting.bytesReceived += body.bytes.length;
    try {
      const timeout = readTimeout(exchange.header('grpc-timeout'));
      const verdict = faults.decide(method, body.bytes, route?.kind === 'streaming');
      const started = performance.now();
      const isInTime = await slowDown(verdict, body.bytes.length, timeout);
      if (!isInTime) return fail(deadlineExceeded());
      const { bytesPerSecond, ending } = verdict;
      const out = bytesPerSecond === null ? exchange : throttled(exchange, bytesPerSecond);
      reply = new Reply(out, protocol, sent);
      switch (ending?.kind) {
        case 'fail':
          return fail(
            new RpcError(
              ending.status,
              ending.message ?? `injected ${ending.status}`,
              ending.retryAfterMilliseconds ?? null,
            ),
          );
        case 'http':
          counting.failed++;
          return exchange.answer(ending.status, {});
        case 'drop':
          counting.failed++;
          return exchange.cut();
        case 'hang':
          counting.failed++;
          return;
      }
      if (route === undefined) {
        throw new RpcError('UNIMPLEMENTED', `${path} is no method of this network`);
      }
      const request = readOnlyMessage(body.bytes);
      if (route.kind === 'unary') {
        const answer = route.call(request);
        if (ending?.kind !== 'lose-answer') return reply.unary(answer);
        counting.failed++;
        return exchange.cut();
      }
      const left = timeout === null ? null : timeout - (performance.now() - started);
      const after = ending?.kind === 'cut-after' ? ending.messages : Infinity;
      if (ending?.kind === 'lose-answer') return exchange.cut();
      await stream(route, request, out, reply, { left, after });
    } catch (error) {
      fail(error);
    }
  }

  /** Serves a subscription until its caller leaves, its deadline is over, or a fault cuts it. */
  async function stream(
    route: Extract<Route, { kind: 'streaming' }>,
    request: Uint8Array,
    exchange: Exchange,
    reply: Reply,
    until: { readonly left: number | null; readonly after: number },
  ): Promise<void> {
    const abort = new AbortController();
    const messages = route.call(request, abort.signal);
    streams.add(exchange);
    exchange.onClose(() => abort.abort());
    const timer =
      until.left === null
        ? null
        : setTimeout(() => abort.abort(deadlineExceeded()), Math.max(0, until.left));
    reply.open();
    let served = 0;
    try {
      if (served >= until.after) return exchange.cut();
      for await (const message of messages) {
        await reply.message(message);
        if (++served >= until.after) {
          await exchange.flush();
          return exchange.cut();
        }
      }
      const reason: unknown = abort.signal.reason;
      if (reason instanceof RpcError) throw reason;
      reply.close(null);
    } finally {
      if (timer !== null) clearTimeout(timer);
      streams.delete(exchange);
    }
  }

  const start = (exchange: Exchange) => {
    serve(exchange).catch(() => exchange.cut());
  };
  // A thousand subscriptions of one client share a session, whose default is 10 MB.
  const grpc = createHttp2Server({ maxSessionMemory: 1024 });
  grpc.on('stream', (stream, headers) => start(http2Exchange(stream, headers)));
  grpc.on('sessionError', () => undefined);
  const grpcWeb = createHttpServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    if (!handleCors(request, response)) start(http1Exchange(request, response));
  });
  return {
    grpc,
    grpcWeb,
    openStreams: () => streams.size,
    cutStreams() {
      const count = streams.size;
      for (const exchange of streams) exchange.cut();
      return count;
    },
  };
}

/** Waits as long as the call's faults say. Answers false where the caller's deadline is over before. */
async function slowDown(
  { latencyMilliseconds, bytesPerSecond }: Verdict,
  received: number,
  timeout: number | null,
): Promise<boolean> {
  const transfer = bytesPerSecond === null ? 0 : (received / bytesPerSecond) * 1000;
  const delay = latencyMilliseconds + transfer;
  if (delay === 0) return timeout === null || timeout > 0;
  await wait(Math.min(delay, timeout ?? Infinity));
  return timeout === null || timeout > delay;
}
