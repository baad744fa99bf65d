/** Past syncs as the lines of a list: those that found nothing, one after the other, are one line. */
import type { Run } from '../../shared/run.ts';

/** A run that ended well and changed nothing. */
export type QuietRun = Extract<Run, { state: 'complete' | 'partial' }>;

export type RunGroup =
  | { readonly kind: 'run'; readonly run: Run }
  /** At least two, newest first. */
  | { readonly kind: 'quiet'; readonly runs: QuietRuns };

export type QuietRuns = readonly [QuietRun, QuietRun, ...QuietRun[]];

/** Keeps the order of `runs`, which is newest first. */
export function groupRuns(runs: readonly Run[]): readonly RunGroup[] {
  const groups: RunGroup[] = [];
  let quiet: QuietRun[] = [];
  const flush = () => {
    const [first, second, ...others] = quiet;
    if (second !== undefined && first !== undefined) {
      groups.push({ kind: 'quiet', runs: [first, second, ...others] });
    } else if (first !== undefined) groups.push({ kind: 'run', run: first });
    quiet = [];
  };
  for (const run of runs) {
    if (isQuiet(run)) {
      quiet.push(run);
      continue;
    }
    flush();
    groups.push({ kind: 'run', run });
  }
  flush();
  return groups;
}

/** What completes an interrupted run is worth a line of its own, whatever it found. */
export function isQuiet(run: Run): run is QuietRun {
  if (run.state !== 'complete' || run.completes !== null) return false;
  const { summary } = run;
  const found = [
    summary.newConversations,
    summary.newMessages,
    summary.updatedConversations,
    summary.consentChanges,
    summary.repaired,
    summary.findings.length,
    summary.failures.length,
  ];
  return found.every((count) => count === 0);
}

/** libxmtp's counts where all of these runs have the same; null where they differ or there are none. */
export function commonCounts(
  runs: readonly QuietRun[],
): { readonly eligible: number; readonly synced: number } | null {
  const [first] = runs;
  if (first === undefined) return null;
  const { eligible, synced } = first.summary;
  if (eligible === null || synced === null) return null;
  const isSame = runs.every(
    ({ summary }) => summary.eligible === eligible && summary.synced === synced,
  );
  return isSame ? { eligible, synced } : null;
}
