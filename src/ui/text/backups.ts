/** Backups in words. */
import type { CheckedBackup } from '../../shared/backup.ts';
import { plural } from './messages.ts';

export function backupCounts({
  conversations,
  messages,
}: Pick<CheckedBackup, 'conversations' | 'messages'>): string {
  return [
    plural('imported_conversations', conversations),
    plural('imported_messages', messages),
  ].join(', ');
}
