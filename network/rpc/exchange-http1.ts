/** An exchange over HTTP/1.1: gRPC-web and the history server. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Exchange } from './exchange.ts';

export function http1Exchange(request: IncomingMessage, response: ServerResponse): Exchange {
  return {
    httpMethod: request.method ?? '',
    path: (request.url ?? '').split('?', 1)[0] ?? '',
    header(name) {
      const value = request.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    body: request,
    begin(status, headers) {
      response.writeHead(status, headers);
      response.flushHeaders();
    },
    write(chunk) {
      if (response.destroyed || response.write(chunk)) return undefined;
      return new Promise((resolve) => {
        const done = () => {
          response.off('drain', done);
          response.off('close', done);
          resolve();
        };
        response.once('drain', done);
        response.once('close', done);
      });
    },
    end: () => void response.end(),
    answer(status, headers, body = new Uint8Array()) {
      response.writeHead(status, { ...headers, 'content-length': String(body.length) });
      response.end(body);
    },
    flush: () =>
      new Promise((resolve) => {
        const { socket } = response;
        if (socket === null || socket.destroyed) resolve();
        else socket.write(new Uint8Array(), () => resolve());
      }),
    cut: () => void response.socket?.destroy(),
    onClose(listener) {
      if (response.destroyed) listener();
      else response.once('close', listener);
    },
  };
}
