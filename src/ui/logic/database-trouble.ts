import type { ErrorRecord } from '../../shared/errors.ts';

/** Whether trying again is unlikely to help: the person has to choose. */
export function isUnusable({ code }: ErrorRecord): boolean {
  return code === 'database_lost' || code === 'database_damaged';
}
