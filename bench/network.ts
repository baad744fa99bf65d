/**
 * How fast the local network is: `npx tsx bench/network.ts`. The network runs in a process of its own
 * and the load in this one. Calls are counted per second of the network's processor time, which is what
 * one core gives, whatever else the machine does meanwhile.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { connectControl, type NetworkControl } from '../network/index.ts';
import { grpcCaller, grpcWebCaller, type Caller } from './network-load.ts';
import { fetchKeyPackages, getInboxIds, groupId, newest, query, send } from './network-calls.ts';

export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: { readonly at: 'most' | 'least'; readonly value: number };
}

const calls = 6000;
const concurrency = 16;
const messages = 100_000;
const subscriptions = 1000;
const deliveries = 500;

interface Running {
  readonly child: ChildProcess;
  readonly control: NetworkControl;
  readonly grpc: string;
  readonly grpcWeb: string;
}

/** Starts a network in its own process, as `npm run network` does. */
async function startProcess(): Promise<Running> {
  const cli = path.join(import.meta.dirname, '../network/cli.ts');
  const ports = ['--grpc', '0', '--grpc-web', '0', '--history', '0', '--control', '0'];
  const child = spawn(process.execPath, ['--import', 'tsx', cli, ...ports], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const addresses: string[] = [];
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    addresses.splice(0, Infinity, ...[...text.matchAll(/http:\S+/g)].map(([found]) => found));
    if (text.includes('kept in')) break;
  }
  const [grpc, grpcWeb, , control] = addresses;
  if (grpc === undefined || grpcWeb === undefined || control === undefined) {
    throw new Error(`The network did not start: ${text}`);
  }
  return { child, control: connectControl(control), grpc, grpcWeb };
}

/** Calls per second of the network's processor time. */
async function rate(control: NetworkControl, count: number, call: (i: number) => Promise<unknown>) {
  const before = (await control.status()).cpuMilliseconds;
  let next = 0;
  const one = async () => {
    while (next < count) await call(next++);
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  const spent = (await control.status()).cpuMilliseconds - before;
  return Math.round((count / spent) * 1000);
}

async function measureCalls(control: NetworkControl, protocol: string, caller: Caller) {
  const kinds: readonly (readonly [string, (i: number) => Buffer])[] = [
    ['SendGroupMessages', send],
    ['QueryGroupMessages', query],
    ['GetNewestGroupMessage', newest],
    ['FetchKeyPackages', fetchKeyPackages],
    ['GetInboxIds', getInboxIds],
  ];
  const found: Measurement[] = [];
  for (const [method, request] of kinds) {
    // The first round is the compiler's.
    await rate(control, calls / 3, (i) => caller.call(method, request(i)));
    const value = await rate(control, calls, (i) => caller.call(method, request(calls + i)));
    const name = `network: ${method} over ${protocol}`;
    found.push({ name, value, unit: 'calls/s a core', target: { at: 'least', value: 2000 } });
  }
  return found;
}

/** From sending a message to its arrival at a subscriber, one after the other. */
async function measureDelivery(caller: Caller, name: string, group: number): Promise<Measurement> {
  let arrived: () => void = () => undefined;
  const close = await caller.subscribe(groupId(group), () => arrived());
  const times: number[] = [];
  for (let i = 0; i < deliveries; i++) {
    const delivered = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const started = performance.now();
    const sent = caller.call('SendGroupMessages', send(i, group));
    await delivered;
    times.push(performance.now() - started);
    await sent;
  }
  close();
  times.sort((a, b) => a - b);
  const value = Math.round((times[deliveries >> 1] ?? 0) * 100) / 100;
  return { name, value, unit: 'ms (median)' };
}

async function measureMemory({ control, grpc }: Running): Promise<Measurement> {
  const caller = grpcCaller(grpc);
  const before = await control.status();
  const start = 2_000_000;
  await rate(control, messages, (i) => caller.call('SendGroupMessages', send(start + i)));
  const after = await control.status();
  caller.close();
  if (after.groupMessages - before.groupMessages !== messages)
    throw new Error('Messages are missing.');
  const value = Math.round((after.residentBytes - before.residentBytes) / 1e6);
  return { name: `network: memory for ${messages} messages of 430 bytes`, value, unit: 'MB' };
}

async function measureSubscriptions({ control, grpc }: Running): Promise<readonly Measurement[]> {
  const caller = grpcCaller(grpc);
  const before = await control.status();
  for (let i = 0; i < subscriptions; i++)
    await caller.subscribe(groupId(3_000_000 + i), () => undefined);
  const after = await control.status();
  const value = Math.round(((after.residentBytes - before.residentBytes) / 1e6) * 10) / 10;
  const open = after.openStreams - before.openStreams;
  const delivery = await measureDelivery(
    caller,
    `network: delivery beside ${open} idle subscriptions`,
    1_000_002,
  );
  caller.close();
  return [
    {
      name: 'network: idle subscriptions held',
      value: open,
      unit: '',
      target: { at: 'least', value: subscriptions },
    },
    { name: `network: memory for ${open} idle subscriptions`, value, unit: 'MB' },
    delivery,
  ];
}

export async function measureNetwork(): Promise<readonly Measurement[]> {
  const running = await startProcess();
  const [grpc, web] = [grpcCaller(running.grpc), grpcWebCaller(running.grpcWeb)];
  try {
    const found = [
      ...(await measureCalls(running.control, 'gRPC', grpc)),
      ...(await measureCalls(running.control, 'gRPC-web', web)),
      await measureDelivery(grpc, 'network: delivery to a subscriber over gRPC', 1_000_000),
      await measureDelivery(web, 'network: delivery to a subscriber over gRPC-web', 1_000_001),
      await measureMemory(running),
      ...(await measureSubscriptions(running)),
    ];
    return found;
  } finally {
    grpc.close();
    web.close();
    running.child.kill();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const { name, value, unit, target } of await measureNetwork()) {
    const aim = target === undefined ? '' : `(at ${target.at} ${target.value})`;
    console.log(`${name.padEnd(58)} ${String(value).padStart(8)} ${unit} ${aim}`);
  }
}
