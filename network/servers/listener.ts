/** A server on one port that can be stopped and started again on the same port. */
import type { Http2Server } from 'node:http2';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Listener {
  /** Base address, `http://host:port`. */
  readonly address: string;
  readonly port: number;
  /** Refuses connections and cuts those that exist. */
  stop(): Promise<void>;
  /** Listens again on the same port. */
  start(): Promise<void>;
}

export class PortInUse extends Error {
  override readonly name = 'PortInUse';
  constructor(
    readonly port: number,
    what: string,
  ) {
    super(
      `Port ${port} (${what}) is in use. Stop what uses it, perhaps another local network, ` +
        'or choose other ports (npm run network -- --help).',
    );
  }
}

/** @param port 0 takes any free one. */
export async function listen(
  server: Server | Http2Server,
  what: string,
  host: string,
  port: number,
): Promise<Listener> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
  });
  const open = (wanted: number) =>
    new Promise<number>((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException) => {
        reject(error.code === 'EADDRINUSE' ? new PortInUse(wanted, what) : error);
      };
      server.once('error', onError);
      server.listen({ host, port: wanted }, () => {
        server.off('error', onError);
        resolve((server.address() as AddressInfo).port);
      });
    });
  const actual = await open(port);
  let listening = true;
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    port: actual,
    async stop() {
      if (!listening) return;
      listening = false;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async start() {
      if (listening) return;
      await open(actual);
      listening = true;
    },
  };
}
