/** Opening: a worker, a link to it, libxmtp's database in it, and the record of all that. */
import type { OpenOutput } from '../../shared/engine-protocol.ts';
import { fromErrorRecord, toErrorRecord } from '../../shared/errors.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { callInTime } from './deadlines.ts';
import type { EngineLink } from './engine-link.ts';

export interface OpenDatabase {
  readonly link: EngineLink;
  readonly opened: OpenOutput;
}

/**
 * Opens the account's database. Where it cannot, the worker is ended, because libxmtp remembers a failed
 * opening for its worker's life, and the failure is recorded. Throws what the opening threw.
 */
export async function openDatabase(
  { host, record, openInput, onUncleanStart, now }: ConnectionOptions,
  linkEngine: () => Promise<EngineLink>,
): Promise<OpenDatabase> {
  // The engine starts meanwhile; it touches nothing before it is told to open, which is further down.
  const linking = linkEngine();
  linking.catch(() => undefined); // awaited below
  try {
    const before = await record.read();
    const opening = record.write({ state: 'opening', since: now() });
    const [link, input] = await Promise.all([linking, openInput(), opening]);
    if (link.fresh && (before?.state === 'open' || before?.state === 'opening')) {
      await onUncleanStart();
    }
    const database = { link, opened: await callInTime(link, 'open', input) };
    // Nothing waits for it: to the next start of the background, 'opening' means the same.
    record.write({ state: 'open', since: now() }).catch(() => undefined);
    return database;
  } catch (error) {
    const reason = toErrorRecord(error);
    await linking.then(
      ({ end }) => end(fromErrorRecord(reason)),
      () => undefined,
    );
    await host.terminate().catch(() => undefined);
    await record.write({ state: 'failed', since: now(), error: reason });
    throw error;
  }
}
