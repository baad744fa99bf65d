/**
 * What tests and people can do to a running network. `LocalNetwork.control` is one in this process;
 * `connectControl(address)` is one over HTTP.
 */
import type { Counters } from './faults/counters.ts';
import type { Fault } from './faults/faults.ts';

export interface NetworkStatus {
  readonly serving: boolean;
  readonly openStreams: number;
  readonly groupMessages: number;
  readonly welcomes: number;
  /** Milliseconds since 1970, as `setTime` left it. */
  readonly time: number;
  /** Of the network's process: what it holds, and the processor time that it has taken. */
  readonly residentBytes: number;
  readonly cpuMilliseconds: number;
  readonly faults: readonly { readonly id: number; readonly fault: Fault }[];
}

export interface NetworkControl {
  status(): Promise<NetworkStatus>;
  /** Calls by method since the start or the last reset. */
  counters(): Promise<Counters>;
  resetCounters(): Promise<void>;
  /** Answers an id to remove the fault by. */
  addFault(fault: Fault): Promise<number>;
  removeFault(id: number): Promise<void>;
  clearFaults(): Promise<void>;
  /**
   * The time that is stamped on what is stored from now on, in milliseconds since 1970; it goes on from
   * there. null for the computer's own. Clients show it as the time when messages were sent.
   */
  setTime(milliseconds: number | null): Promise<void>;
  /** Cuts every subscription once; answers how many there were. */
  cutStreams(): Promise<number>;
  /** Refuses connections on all but the control port, and cuts those that exist. */
  stopServing(): Promise<void>;
  /** Serves again on the same ports. */
  resumeServing(): Promise<void>;
}

type Methods = keyof NetworkControl;

export const controlMethods: readonly Methods[] = [
  'status',
  'counters',
  'resetCounters',
  'addFault',
  'removeFault',
  'clearFaults',
  'setTime',
  'cutStreams',
  'stopServing',
  'resumeServing',
];

/** Drives a network in another process. `address` is its control address. */
export function connectControl(address: string): NetworkControl {
  async function call<Answer>(method: Methods, argument?: unknown): Promise<Answer> {
    const response = await fetch(new URL(method, `${address}/`), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(argument ?? null),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method}: ${text}`);
    return JSON.parse(text) as Answer;
  }
  return {
    status: () => call('status'),
    counters: () => call('counters'),
    resetCounters: () => call('resetCounters'),
    addFault: (fault) => call('addFault', fault),
    removeFault: (id) => call('removeFault', id),
    clearFaults: () => call('clearFaults'),
    setTime: (milliseconds) => call('setTime', milliseconds),
    cutStreams: () => call('cutStreams'),
    stopServing: () => call('stopServing'),
    resumeServing: () => call('resumeServing'),
  };
}
