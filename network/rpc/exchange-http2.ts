/** An exchange over HTTP/2: native gRPC. */
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { Exchange } from './exchange.ts';

export function http2Exchange(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Exchange {
  // A client that goes away in the middle is no error of ours.
  stream.on('error', () => undefined);
  const respond = (
    status: number,
    answer: Readonly<Record<string, string>>,
    endStream: boolean,
    trailers: () => Readonly<Record<string, string>>,
  ) => {
    if (stream.destroyed || stream.closed || stream.headersSent) return;
    stream.respond({ ':status': status, ...answer }, { endStream, waitForTrailers: !endStream });
    if (endStream) return;
    stream.once('wantTrailers', () => {
      if (!stream.destroyed && !stream.closed) stream.sendTrailers({ ...trailers() });
    });
  };
  let trailing: Readonly<Record<string, string>> = {};
  return {
    httpMethod: headers[':method'] ?? '',
    path: headers[':path'] ?? '',
    header(name) {
      const value = headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    body: stream,
    begin: (status, answer) => respond(status, answer, false, () => trailing),
    write(chunk) {
      if (stream.destroyed || stream.closed || stream.write(chunk)) return undefined;
      return new Promise((resolve) => {
        const done = () => {
          stream.off('drain', done);
          stream.off('close', done);
          resolve();
        };
        stream.once('drain', done);
        stream.once('close', done);
      });
    },
    end(trailers = {}) {
      trailing = trailers;
      if (!stream.destroyed && !stream.closed) stream.end();
    },
    answer(status, answer, body, trailers = {}) {
      if (body === undefined) return respond(status, answer, true, () => trailers);
      respond(status, answer, false, () => trailers);
      if (!stream.destroyed && !stream.closed) stream.end(body);
    },
    flush: () =>
      new Promise((resolve) => {
        if (stream.destroyed || stream.closed) resolve();
        else stream.write(new Uint8Array(), () => resolve());
      }),
    cut: () => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
    onClose(listener) {
      if (stream.destroyed) listener();
      else stream.once('close', listener);
    },
  };
}
