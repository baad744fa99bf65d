/** Another history server: one that gives its first archives back damaged. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface DamagingServer {
  readonly address: string;
  /** Archives that were uploaded. */
  uploads(): number;
  stop(): void;
}

/** @param damaged how many archives are damaged, from the first on, however often they are fetched. */
export async function startDamagingServer(damaged: number): Promise<DamagingServer> {
  const archives = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*');
    response.setHeader('access-control-allow-methods', '*');
    if (request.method === 'OPTIONS') return response.end();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [, , id = ''] = (request.url ?? '').split('/');
      if (request.method === 'POST') {
        const fresh = randomUUID();
        const body = Buffer.concat(chunks);
        // In its last block, so that it is noticed when most of it has been read.
        if (archives.size < damaged) body[body.length - 40]! ^= 1;
        archives.set(fresh, body);
        return response.end(fresh);
      }
      return response.end(archives.get(id));
    });
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    uploads: () => archives.size,
    stop: () => void server.close(),
  };
}
