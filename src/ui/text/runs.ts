/** Sync runs in words: what was asked, why, how far it is, and what came of it. */
import type { ConsentFilter, ConsentState } from '../../shared/consent.ts';
import type {
  EligibleParts,
  Run,
  RunFinding,
  RunProgress,
  RunStep,
  RunSummary,
  RunTrigger,
  StepTimes,
} from '../../shared/run.ts';
import type { ConversationId } from '../../shared/ids.ts';
import { formatDuration, formatNumber } from './format.ts';
import { isolated, locale, plural, t } from './messages.ts';

/** Consent states as a list in words: "allowed and unknown". */
export function consentList(states: ConsentFilter | readonly ConsentState[]): string {
  return new Intl.ListFormat(locale()).format(states.map((state) => t(`consent_${state}`)));
}

/** What a run synced, or was to sync, as a heading. `titleOf` names a conversation. */
export function runTitle(
  { scope, state }: Pick<Run, 'scope' | 'state'>,
  titleOf: (id: ConversationId) => string,
): string {
  const isDone = state === 'complete' || state === 'partial';
  switch (scope.kind) {
    case 'all': {
      if (scope.consent.length === 3) return t(isDone ? 'run_done_everything' : 'run_everything');
      const states = consentList(scope.consent);
      return isDone ? t('run_done_all', { states }) : t('run_all', { states });
    }
    case 'conversation': {
      const name = isolated(titleOf(scope.conversationId));
      return isDone ? t('run_done_conversation', { name }) : t('run_conversation', { name });
    }
    case 'conversations':
      return t(isDone ? 'run_done_conversations' : 'run_conversations');
    case 'preferences':
      return t(isDone ? 'run_done_preferences' : 'run_preferences');
  }
}

/** libxmtp's two counts: "9 eligible, 2 synced". */
export function countWords(counts: { readonly eligible: number; readonly synced: number }): string {
  return t('run_counts', {
    eligible: formatNumber(counts.eligible),
    synced: formatNumber(counts.synced),
  });
}

/** What the eligible conversations are: "6 conversations, 1 between your devices, 2 duplicates". */
export function eligibleWords(parts: EligibleParts): string {
  const { conversations, deviceSync, duplicates, unidentified } = parts;
  const words = [plural('eligible_conversations', conversations)];
  if (deviceSync > 0) words.push(plural('eligible_device_sync', deviceSync));
  if (duplicates > 0) words.push(plural('eligible_duplicates', duplicates));
  if (unidentified > 0) words.push(plural('eligible_unidentified', unidentified));
  return new Intl.ListFormat(locale(), { type: 'unit', style: 'short' }).format(words);
}

export function triggerWords(trigger: RunTrigger): string {
  return t(`trigger_${trigger}`);
}

/** What a running sync is doing, with numbers once they are known. */
export function progressWords({ step, done, total }: RunProgress): string {
  const words = t(`step_${step}`);
  return total === null
    ? words
    : t('step_of', { done: formatNumber(done), step: words, total: formatNumber(total) });
}

const steps: readonly RunStep[] = [
  'opening',
  'joining',
  'recent',
  'syncing',
  'reading',
  'storing',
  'checking',
];

/** How long each step took: "Opening 0.2 s, syncing 1.4 s". */
export function stepWords(times: StepTimes): string {
  const parts = steps.flatMap((step) => {
    const time = times[step];
    return time === undefined ? [] : [`${t(`step_${step}`)} ${formatDuration(time)}`];
  });
  return new Intl.ListFormat(locale(), { type: 'unit', style: 'short' }).format(parts);
}

/** What the check after a run found in a conversation. */
export function findingWords({ missing, surplus }: RunFinding): string {
  const parts = [
    ...(missing > 0 ? [plural('finding_missing', missing)] : []),
    ...(surplus > 0 ? [plural('finding_surplus', surplus)] : []),
  ];
  return new Intl.ListFormat(locale(), { type: 'unit', style: 'short' }).format(parts);
}

/** What a finished run found, in a few words: "4 new messages, 1 new conversation". */
export function foundWords(summary: RunSummary): string {
  const found: string[] = [];
  if (summary.newMessages > 0) found.push(plural('new_messages', summary.newMessages));
  if (summary.newConversations > 0) {
    found.push(plural('new_conversations', summary.newConversations));
  }
  if (summary.consentChanges > 0) found.push(plural('consent_changes', summary.consentChanges));
  if (found.length === 0 && summary.updatedConversations > 0) {
    found.push(plural('updated_conversations', summary.updatedConversations));
  }
  if (found.length === 0 && summary.repaired > 0) {
    found.push(plural('records_repaired', summary.repaired));
  }
  if (found.length === 0) return t('nothing_new');
  return new Intl.ListFormat(locale(), { type: 'unit', style: 'short' }).format(found);
}

/** The one line that says what became of a run. */
export function outcomeWords(run: Run): string {
  switch (run.state) {
    case 'queued':
      return t('run_queued');
    case 'running':
      return progressWords(run.progress);
    case 'complete':
      return foundWords(run.summary);
    case 'partial':
      return t('run_partial', {
        failures: plural('failures', Math.max(1, run.summary.failures.length)),
        found: foundWords(run.summary),
      });
    case 'failed':
      return t(`error_${run.error.code}`);
    case 'interrupted':
      return t('run_interrupted');
  }
}
