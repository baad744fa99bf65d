/** A failure in words: what happened, what to do next, and the original text for reports. */
import type { ErrorRecord } from '../../shared/errors.ts';
import { errorWords } from '../text/errors.ts';
import { t } from '../text/messages.ts';

interface Props {
  readonly error: ErrorRecord | null | undefined;
  /** What to do next, where the place that shows it offers more than the usual words. */
  readonly next?: string;
  /** Whether it answers something that the person has just done. */
  readonly alert?: boolean;
}

export function ErrorNote({ error, next, alert = false }: Props) {
  if (error == null) return null;
  const words = errorWords(error);
  return (
    <div
      class="note bad"
      data-testid="error"
      data-error-code={error.code}
      role={alert ? 'alert' : undefined}
    >
      <strong>{words.what}</strong>
      <span>{next ?? words.next}</span>
      {error.detail !== null && (
        <details>
          <summary>{t('error_details')}</summary>
          <p class="mono break" dir="ltr">
            {error.code}: {error.detail}
          </p>
        </details>
      )}
    </div>
  );
}
