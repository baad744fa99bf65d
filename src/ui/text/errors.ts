/** What an error means in words, and what to do next. */
import type { ErrorRecord } from '../../shared/errors.ts';
import { formatDuration } from './format.ts';
import { t } from './messages.ts';

export interface ErrorWords {
  readonly what: string;
  readonly next: string;
}

export function errorWords(error: ErrorRecord): ErrorWords {
  const next = t(`error_${error.code}_next`);
  return {
    what: t(`error_${error.code}`),
    next:
      error.retryAfter === null
        ? next
        : `${next} ${t('error_retry_after', { time: formatDuration(error.retryAfter) })}`,
  };
}
