/** The connection to libxmtp's database, and what the engine that closed it left for the freshness probe. */
import type { ConnectionStatus } from '../../shared/connection-status.ts';
import type { ProbeBaseline } from '../../shared/probe-baseline.ts';
import { announceTopics, SingleRecord, type OwnedContext } from './aggregate.ts';

export interface ConnectionValues {
  readonly connection: ConnectionStatus;
  /** Only as long as the database has been closed since. */
  readonly probeBaseline: ProbeBaseline;
}

export class OwnedConnection {
  readonly #context: OwnedContext;
  readonly #status: SingleRecord<'connection', ConnectionStatus | null>;

  constructor(context: OwnedContext) {
    this.#context = context;
    this.#status = new SingleRecord(context, 'connection', {
      topic: 'connection',
      from: (stored) => stored ?? null,
    });
  }

  /** Null before the first connection. */
  read(): Promise<ConnectionStatus | null> {
    return this.#status.read();
  }

  /** In one commit: what a closed engine recorded ends when anything else becomes of the connection. */
  async put(
    connection: ConnectionStatus,
    baseline: ProbeBaseline | null | 'as before' = null,
  ): Promise<void> {
    const transaction = (await this.#context.open()).transaction('values', 'readwrite');
    const work: Promise<unknown>[] = [transaction.store.put(connection, 'connection')];
    if (baseline === null) work.push(transaction.store.delete('probeBaseline'));
    else if (baseline !== 'as before') work.push(transaction.store.put(baseline, 'probeBaseline'));
    await Promise.all([...work, transaction.done]);
    announceTopics(this.#context, 'connection');
  }
}

export class OwnedProbeBaseline extends SingleRecord<'probeBaseline', ProbeBaseline | null> {
  constructor(context: OwnedContext) {
    super(context, 'probeBaseline', { topic: null, from: (stored) => stored ?? null });
  }
}
