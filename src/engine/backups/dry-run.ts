/**
 * A dry-run import: what libxmtp finds when it reads a whole archive, with nothing of ours touched. It runs in
 * a worker of its own, with a client of a made-up inbox whose database is in memory and whose network calls
 * all get empty answers. The worker is terminated afterwards, so that neither a hang nor anything that the
 * client starts outlives the dry run.
 */
import { LockstepError } from '../../shared/errors.ts';
import type { HistoryElement, DryRunAnswer, DryRunRequest } from './dry-run-protocol.ts';

export interface DryRun {
  readonly elements: readonly HistoryElement[];
  readonly conversations: number;
  readonly messages: number;
}

/** Milliseconds: measured 40 ms for 600 messages, so this allows for a million. */
const deadline = 5 * 60_000;

/** Throws backup_damaged if libxmtp cannot read the archive to its end. */
export async function dryRunImport(
  archive: Uint8Array<ArrayBuffer>,
  key: Uint8Array<ArrayBuffer>,
): Promise<DryRun> {
  const worker = new Worker('/dry-run.js', { type: 'module', name: 'lockstep-dry-run' });
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const answer = await new Promise<DryRunAnswer>((resolve) => {
      const fail = (detail: string) => resolve({ ok: false, detail });
      timer = setTimeout(() => fail('libxmtp did not finish reading the archive'), deadline);
      worker.onmessage = ({ data }: MessageEvent<DryRunAnswer>) => resolve(data);
      worker.onerror = ({ message }) => fail(message);
      worker.postMessage({ archive, key } satisfies DryRunRequest);
    });
    if (!answer.ok) throw new LockstepError('backup_damaged', { detail: answer.detail });
    return answer.result;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
