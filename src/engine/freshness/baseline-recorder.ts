/** Notices syncs that found nothing, and vouches for them as long as the database stays as it is. */
import type { SyncInput, SyncOutput } from '../../shared/engine-protocol.ts';
import { hasFirstField } from '../../shared/grpc-web.ts';
import type { InstallationId, Milliseconds } from '../../shared/ids.ts';
import {
  fingerprintOfAnswer,
  type ProbeCall,
  type ProbeBaseline,
} from '../../shared/probe-baseline.ts';
import type { Exchange } from '../traffic/observer.ts';

export interface BaselineRecorderOptions {
  /** Grows with every write to libxmtp's files. */
  readonly writes: () => number;
  readonly now: () => Milliseconds;
}

/** Says what the newest message of each group is, so it always says something. */
const newest = /^GetNewest/;

export class BaselineRecorder {
  readonly #options: BaselineRecorderOptions;
  #heard: Exchange[] | null = null;
  #quiet: QuietSync | null = null;

  constructor(options: BaselineRecorderOptions) {
    this.#options = options;
  }

  answered(exchange: Exchange): void {
    this.#heard?.push(exchange);
  }

  /** Watches a sync, and answers what it answers. */
  async during(
    { scope, thorough, also }: SyncInput,
    installationId: InstallationId,
    work: () => Promise<SyncOutput>,
  ): Promise<SyncOutput> {
    // What is synced one by one was asked for by us, and libxmtp would not ask for it again.
    if (scope.kind !== 'all' || thorough || also.length > 0) return work();
    const writes = this.#options.writes();
    const at = this.#options.now();
    const heard: Exchange[] = [];
    this.#quiet = null;
    this.#heard = heard;
    try {
      const output = await work();
      if (foundNothing(output, heard)) {
        const { eligible } = output;
        const eligibleParts = output.eligibleParts?.parts;
        this.#quiet = {
          ...{ installationId, consent: scope.consent, at, eligible, eligibleParts },
          ...{ heard, writes },
        };
      }
      return output;
    } finally {
      this.#heard = null;
    }
  }

  /** The last sync of everything, if it found nothing and nothing has been written since it began. */
  async baseline(): Promise<ProbeBaseline | null> {
    if (this.#quiet === null) return null;
    const { heard, writes, ...sync } = this.#quiet;
    const calls = await Promise.all(heard.map(probeCallOf));
    return writes === this.#options.writes() ? { ...sync, calls } : null;
  }
}

type QuietSync = Omit<ProbeBaseline, 'calls'> & {
  readonly heard: readonly Exchange[];
  readonly writes: number;
};

function foundNothing({ synced, failures, traffic }: SyncOutput, heard: readonly Exchange[]) {
  return (
    synced === 0 &&
    failures.length === 0 &&
    heard.length > 0 &&
    heard.length === traffic.calls &&
    heard.every(
      ({ method, body, answer }) =>
        body !== null && (newest.test(method) || !hasFirstField(answer)),
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
