/** Records the freshness probe's baseline: the latest sync that found nothing, while the database stays unchanged. */
import type { SyncInput, SyncOutput } from '../../shared/engine-protocol.ts';
import type { InstallationId, Milliseconds } from '../../shared/ids.ts';
import {
  fingerprintOfAnswer,
  type ProbeCall,
  type ProbeBaseline,
} from '../../shared/probe-baseline.ts';
import { hasMessages, type Exchange } from '../traffic/observer.ts';

export interface BaselineRecorderOptions {
  /** A count that grows with every write to libxmtp's files. */
  readonly writes: () => number;
  readonly now: () => Milliseconds;
}

/** These answers name each group's newest message, so they are never empty. */
const newest = /^GetNewest/;

export class BaselineRecorder {
  readonly #options: BaselineRecorderOptions;
  #exchanges: Exchange[] | null = null;
  #emptySync: EmptySync | null = null;

  constructor(options: BaselineRecorderOptions) {
    this.#options = options;
  }

  answered(exchange: Exchange): void {
    this.#exchanges?.push(exchange);
  }

  /** Runs a sync and records it if it finds nothing. */
  async record(
    { scope, thorough, also }: SyncInput,
    installationId: InstallationId,
    work: () => Promise<SyncOutput>,
  ): Promise<SyncOutput> {
    // We asked for what is synced one by one; libxmtp by itself would not make those calls again.
    if (scope.kind !== 'all' || thorough || also.length > 0) return work();
    const writes = this.#options.writes();
    const at = this.#options.now();
    const exchanges: Exchange[] = [];
    this.#emptySync = null;
    this.#exchanges = exchanges;
    try {
      const output = await work();
      if (foundNothing(output, exchanges)) {
        const { eligible } = output;
        const eligibleParts = output.eligibleParts?.parts;
        this.#emptySync = {
          ...{ installationId, consent: scope.consent, at, eligible, eligibleParts },
          ...{ exchanges, writes },
        };
      }
      return output;
    } finally {
      this.#exchanges = null;
    }
  }

  /** The latest sync of everything, if it found nothing and nothing has been written since it began. */
  async baseline(): Promise<ProbeBaseline | null> {
    if (this.#emptySync === null) return null;
    const { exchanges, writes, ...sync } = this.#emptySync;
    const calls = await Promise.all(exchanges.map(probeCallOf));
    return writes === this.#options.writes() ? { ...sync, calls } : null;
  }
}

type EmptySync = Omit<ProbeBaseline, 'calls'> & {
  readonly exchanges: readonly Exchange[];
  readonly writes: number;
};

function foundNothing({ synced, failures, traffic }: SyncOutput, exchanges: readonly Exchange[]) {
  return (
    synced === 0 &&
    failures.length === 0 &&
    exchanges.length > 0 &&
    exchanges.length === traffic.calls &&
    exchanges.every(
      ({ method, body, answer }) => body !== null && (newest.test(method) || !hasMessages(answer)),
    )
  );
}

async function probeCallOf({ request, body, answer }: Exchange): Promise<ProbeCall> {
  return {
    url: request.url,
    headers: Object.fromEntries(request.headers),
    body: body ?? new Uint8Array(),
    answer: await fingerprintOfAnswer(answer),
  };
}
