/** The network as a process of its own, to be killed. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../../..');
export const anyPorts = ['--grpc', '0', '--grpc-web', '0', '--history', '0', '--control', '0'];

export interface NetworkProcess {
  readonly child: ChildProcess;
  readonly addresses: { grpc: string; grpcWeb: string; history: string; control: string };
  /** Resolves when it has ended, with its exit code or signal. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function start(args: readonly string[]) {
  const cli = path.join(root, 'network/cli.ts');
  return spawn(process.execPath, ['--import', 'tsx', cli, ...args], { cwd: root });
}

/** Runs `npm run network` with arguments with which it ends by itself. */
export function runCli(args: readonly string[]): Promise<Ended> {
  const child = start(args);
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

/** Starts it and waits until it serves. */
export function startProcess(args: readonly string[] = []): Promise<NetworkProcess> {
  const child = start([...anyPorts, ...args]);
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
      const found = [...output.matchAll(/http:\/\/\S+/g)].map(([address]) => address);
      const [grpc, grpcWeb, history, control] = found;
      if (!output.includes('kept in') || control === undefined) return;
      resolve({
        child,
        ended,
        addresses: { grpc: grpc!, grpcWeb: grpcWeb!, history: history!, control },
      });
    });
    void ended.then((code) => reject(new Error(`It ended with ${String(code)}: ${output}`)));
  });
}
