/**
 * A complete XMTP network (v3) in one process. Official clients run against it unchanged: native gRPC,
 * gRPC-web, history server, and a control port for faults and counters.
 */
import path from 'node:path';
import type { NetworkControl } from './control.ts';
import { CallCounters } from './faults/counters.ts';
import { Faults } from './faults/faults.ts';
import { IdentityApi } from './gen/xmtp/identity/api/v1/identity_pb.ts';
import { MlsApi } from './gen/xmtp/mls/api/v1/mls_pb.ts';
import { routesOf } from './rpc/routes.ts';
import { createControlServer } from './servers/control.ts';
import { createHistoryServer, historyMethods } from './servers/history.ts';
import { listen, type Listener } from './servers/listener.ts';
import { createRpcServers } from './servers/rpc.ts';
import { createIdentityApi } from './services/identity.ts';
import { createMlsApi } from './services/mls.ts';
import { openArchives } from './storage/archives.ts';
import { NetworkClock } from './storage/clock.ts';
import { lockData } from './storage/data-lock.ts';
import { openJournal } from './storage/journal.ts';
import { NetworkState } from './storage/state.ts';

export { connectControl, type NetworkControl, type NetworkStatus } from './control.ts';
export type { Fault } from './faults/faults.ts';
export type { Counters, MethodCounters } from './faults/counters.ts';
export { PortInUse } from './servers/listener.ts';
export { DataInUse } from './storage/data-lock.ts';

export interface Ports {
  readonly grpc: number;
  readonly grpcWeb: number;
  readonly history: number;
  readonly control: number;
}

/** Where the clients' environment `local` looks, and the control port beside them. */
export const protocolPorts: Ports = { grpc: 5556, grpcWeb: 5557, history: 5558, control: 5559 };
/** Any free ports: for tests, which run beside other networks. */
export const freePorts: Ports = { grpc: 0, grpcWeb: 0, history: 0, control: 0 };

export interface LocalNetwork {
  /** Base addresses, `http://host:port`. */
  readonly addresses: Readonly<Record<keyof Ports, string>>;
  readonly control: NetworkControl;
  /** Ends everything; acknowledged writes are on disk where `data` was given. */
  stop(): Promise<void>;
}

export interface LocalNetworkOptions {
  /** Loopback unless told otherwise: whoever reaches the ports can use the network. */
  readonly host?: string;
  readonly ports?: Ports;
  /** A directory to keep everything in; without it, in memory. */
  readonly data?: string;
}

/** Throws PortInUse, DataInUse, or the file system's error where `data` cannot be used. */
export async function startLocalNetwork(options: LocalNetworkOptions = {}): Promise<LocalNetwork> {
  const { host = '127.0.0.1', ports = freePorts, data } = options;
  const storage = openStorage(data);
  const { clock, state } = storage;
  const faults = new Faults();
  const services = [MlsApi, IdentityApi].flatMap(({ methods }) => methods);
  const counters = new CallCounters([...services.map(({ name }) => name), ...historyMethods]);
  const routes = new Map([
    ...routesOf(MlsApi, createMlsApi(state)),
    ...routesOf(IdentityApi, createIdentityApi(state)),
  ]);
  const rpc = createRpcServers(routes, faults, counters);
  const history = createHistoryServer(storage.archives, faults, counters);

  const served: Listener[] = [];
  let serving = true;
  const control: NetworkControl = {
    status: async () => ({
      serving,
      openStreams: rpc.openStreams(),
      groupMessages: state.groupMessages.size,
      welcomes: state.welcomes.size,
      time: clock.milliseconds,
      residentBytes: process.memoryUsage.rss(),
      cpuMilliseconds: cpuMilliseconds(),
      faults: faults.list(),
    }),
    counters: async () => counters.read(),
    resetCounters: async () => counters.reset(),
    addFault: async (fault) => faults.add(fault),
    removeFault: async (id) => faults.remove(id),
    clearFaults: async () => faults.clear(),
    setTime: async (milliseconds) => clock.set(milliseconds),
    cutStreams: async () => rpc.cutStreams(),
    async stopServing() {
      serving = false;
      await Promise.all(served.map((listener) => listener.stop()));
    },
    async resumeServing() {
      await Promise.all(served.map((listener) => listener.start()));
      serving = true;
    },
  };

  const controlServer = createControlServer(control);
  const opened: Listener[] = [];
  const open = async (...listening: Parameters<typeof listen>) => {
    const listener = await listen(...listening);
    opened.push(listener);
    return listener;
  };
  try {
    const grpc = await open(rpc.grpc, 'gRPC', host, ports.grpc);
    const grpcWeb = await open(rpc.grpcWeb, 'gRPC-web', host, ports.grpcWeb);
    const historyListener = await open(history, 'history server', host, ports.history);
    const controlListener = await open(controlServer, 'control', host, ports.control);
    served.push(grpc, grpcWeb, historyListener);
    return {
      addresses: {
        grpc: grpc.address,
        grpcWeb: grpcWeb.address,
        history: historyListener.address,
        control: controlListener.address,
      },
      control,
      async stop() {
        await Promise.all(opened.map((listener) => listener.stop()));
        storage.close();
      },
    };
  } catch (error) {
    await Promise.all(opened.map((listener) => listener.stop()));
    storage.close();
    throw error;
  }
}

function openStorage(data: string | undefined) {
  const clock = new NetworkClock();
  if (data === undefined) {
    const state = new NetworkState(clock, null);
    return { clock, state, archives: openArchives(null), close: () => undefined };
  }
  const release = lockData(data);
  try {
    const journal = openJournal(data);
    const state = new NetworkState(clock, journal);
    const archives = openArchives(path.join(data, 'archives'));
    const close = () => {
      journal.close();
      release();
    };
    return { clock, state, archives, close };
  } catch (error) {
    release();
    throw error;
  }
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
