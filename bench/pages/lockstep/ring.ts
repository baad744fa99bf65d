/** A periodic sync, started as the browser starts it, and timed by its own record. */
import type { SendCommand } from '../../../src/shared/command-client.ts';
import type { Run } from '../../../src/shared/run.ts';
import type { StoreReader } from '../../../src/store/reader.ts';
import { until } from './until.ts';

const alarm = 'lockstep-sync';
/** Seconds; longer than a suite takes. */
const interval = 3600;

export async function ring(
  send: SendCommand,
  reader: StoreReader,
): Promise<{ readonly took: number; readonly opened: boolean }> {
  const newest = async () => (await reader.runs({ limit: 1, before: null }))[0];
  await until('the connection to be closed', async () =>
    ['released', 'resting'].includes((await reader.connection()).state),
  );
  const before = await newest();
  let run: Run | undefined;
  await send('updateSettings', { patch: { syncInterval: interval } });
  await chrome.alarms.create(alarm, { when: Date.now() });
  await until('the run by the alarm', async () => {
    run = await newest();
    return run !== undefined && run.id !== before?.id && run.state === 'complete';
  });
  await send('updateSettings', { patch: { syncInterval: null } });
  if (run?.state !== 'complete') throw new Error('no run by the alarm');
  return { took: run.endedAt - run.requestedAt, opened: run.summary.asAt === undefined };
}
