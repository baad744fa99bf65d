/**
 * A trial import: what libxmtp finds in an archive when it reads all of it, without touching anything that
 * is ours. It happens in a worker of its own, with a client of a made-up inbox whose database is in memory
 * and whose every call to the network is answered with nothing. The worker is ended afterwards, and with it
 * whatever the client would go on to do; also when it hangs.
 */
import { LockstepError } from '../../shared/errors.ts';
import type { HistoryElement, DryRunAnswer, DryRunRequest } from './dry-run-protocol.ts';

export interface DryRun {
  readonly elements: readonly HistoryElement[];
  readonly conversations: number;
  readonly messages: number;
}

/** Measured: 40 ms for 600 messages. This is for archives of a million. */
const deadline = 5 * 60_000;

/** Throws backup_damaged where libxmtp cannot read it to its end. */
export async function dryRunImport(
  archive: Uint8Array<ArrayBuffer>,
  key: Uint8Array<ArrayBuffer>,
): Promise<DryRun> {
  const worker = new Worker('/dry-run.js', { type: 'module', name: 'lockstep-dry-run' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const answer = await new Promise<DryRunAnswer>((resolve) => {
      const fail = (detail: string) => resolve({ ok: false, detail });
      timer = setTimeout(() => fail('libxmtp did not come to its end'), deadline);
      worker.onmessage = ({ data }: MessageEvent<DryRunAnswer>) => resolve(data);
      worker.onerror = ({ message }) => fail(message);
      worker.postMessage({ archive, key } satisfies DryRunRequest);
    });
    if (!answer.ok) throw new LockstepError('backup_damaged', { detail: answer.detail });
    return answer.trial;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
