/** Browsers may call from anywhere, as they may on the public network. */
import type { ServerResponse } from 'node:http';
import type { IncomingMessage } from 'node:http';

const exposed = 'grpc-status, grpc-message, grpc-status-details-bin, retry-after';

/** Allows any origin. Answers true if the request was a preflight, which is then done. */
export function handleCors(request: IncomingMessage, response: ServerResponse): boolean {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', exposed);
  if (request.method !== 'OPTIONS') return false;
  response.setHeader('access-control-allow-methods', 'GET, POST, OPTIONS');
  response.setHeader(
    'access-control-allow-headers',
    request.headers['access-control-request-headers'] ?? '*',
  );
  response.setHeader('access-control-max-age', '7200');
  if (request.headers['access-control-request-private-network'] === 'true') {
    response.setHeader('access-control-allow-private-network', 'true');
  }
  response.writeHead(204).end();
  return true;
}
