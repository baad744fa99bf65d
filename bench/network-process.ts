/** The local network in a process of its own, so that it shares no thread with what is measured. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { connectControl, type NetworkControl } from '../network/control.ts';
import { until } from '../tests/support/until.ts';
import { paths } from './paths.ts';
import { controlAddress, ports } from './ports.ts';

export interface NetworkProcess {
  readonly control: NetworkControl;
  /** Calls that clients make while `work` is done. */
  callsDuring<Output>(work: () => Promise<Output>): Promise<{ output: Output; calls: number }>;
  stop(): Promise<void>;
}

/** @param data a directory that it starts from and keeps everything in */
export async function startNetwork(data: string): Promise<NetworkProcess> {
  const { grpc, grpcWeb, history, control: controlPort } = ports.network;
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', path.join(paths.root, 'network/cli.ts'), '--data', data],
      ...['--grpc', String(grpc), '--grpc-web', String(grpcWeb)],
      ...['--history', String(history), '--control', String(controlPort)],
    ],
    { cwd: paths.root, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let ended = false;
  void exited.then(() => (ended = true));
  const control = connectControl(controlAddress);
  await until(
    'the network to serve',
    async () => {
      if (ended) return 'ended' as const;
      return (await control.status()).serving;
    },
    60_000,
  );
  if (ended) throw new Error('The local network ended; it says why above.');
  return {
    control,
    async callsDuring(work) {
      await control.resetCounters();
      const output = await work();
      const counters = Object.values(await control.counters());
      return { output, calls: counters.reduce((sum, { calls }) => sum + calls, 0) };
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
