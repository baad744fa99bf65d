/** What a run did, number by number. */
import type { RunSummary } from '../../shared/run.ts';
import { formatBytes, formatClock, formatDuration, formatNumber } from '../text/format.ts';
import { t, type MessageKey } from '../text/messages.ts';
import { eligibleWords, stepWords } from '../text/runs.ts';

interface Row {
  readonly field: string;
  readonly label: MessageKey;
  readonly value: number | null;
  readonly words?: (value: number) => string;
}

function rowsOf(summary: RunSummary): readonly Row[] {
  const { traffic } = summary;
  return [
    { field: 'eligible', label: 'summary_eligible', value: summary.eligible },
    { field: 'synced', label: 'summary_synced', value: summary.synced },
    {
      field: 'newConversations',
      label: 'summary_new_conversations',
      value: summary.newConversations,
    },
    { field: 'newMessages', label: 'summary_new_messages', value: summary.newMessages },
    {
      field: 'updatedConversations',
      label: 'summary_updated_conversations',
      value: summary.updatedConversations,
    },
    { field: 'consentChanges', label: 'summary_consent_changes', value: summary.consentChanges },
    { field: 'repaired', label: 'summary_repaired', value: summary.repaired },
    { field: 'took', label: 'summary_took', value: summary.took, words: formatDuration },
    { field: 'calls', label: 'summary_calls', value: traffic.calls },
    { field: 'failedCalls', label: 'summary_failed_calls', value: traffic.failedCalls },
    {
      field: 'bytesSent',
      label: 'summary_bytes_sent',
      value: traffic.bytesSent,
      words: formatBytes,
    },
    {
      field: 'bytesReceived',
      label: 'summary_bytes_received',
      value: traffic.bytesReceived,
      words: formatBytes,
    },
  ];
}

interface Props {
  readonly summary: RunSummary;
}

export function SummaryRows({ summary }: Props) {
  const rows = rowsOf(summary);
  // libxmtp's own two, which what follows explains.
  const [counts, others] = [rows.slice(0, 2), rows.slice(2)];
  return (
    <dl class="summary-rows" data-testid="run-summary">
      {counts.map((row) => (
        <NumberRow key={row.field} row={row} />
      ))}
      <EligibleRow summary={summary} />
      {others.map((row) => (
        <NumberRow key={row.field} row={row} />
      ))}
      {summary.asAt === undefined ? (
        <div class="whole-row" data-testid="run-steps">
          <dt>{t('summary_steps')}</dt>
          <dd>{stepWords(summary.steps)}</dd>
        </div>
      ) : (
        <div class="whole-row" data-testid="run-unopened" data-at={summary.asAt}>
          <dt>{t('summary_database')}</dt>
          <dd>{t('summary_probe', { time: formatClock(summary.asAt) })}</dd>
        </div>
      )}
    </dl>
  );
}

function NumberRow({ row: { field, label, value, words = formatNumber } }: { readonly row: Row }) {
  return (
    <div data-field={field} data-value={value ?? undefined}>
      <dt>{t(label)}</dt>
      <dd>{value === null ? t('summary_unknown') : words(value)}</dd>
    </div>
  );
}

/** libxmtp counts more than a person sees: what its number is made of. */
function EligibleRow({ summary: { eligible, eligibleParts: parts } }: Props) {
  if (eligible === null) return null;
  return (
    <div
      class="whole-row"
      data-testid="eligible-parts"
      data-conversations={parts?.conversations}
      data-device-sync={parts?.deviceSync}
      data-duplicates={parts?.duplicates}
      data-unidentified={parts?.unidentified}
    >
      <dt>{t('summary_eligible_parts')}</dt>
      <dd>{parts === undefined ? t('summary_eligible_unknown') : eligibleWords(parts)}</dd>
    </div>
  );
}
