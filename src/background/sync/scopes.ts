/** Which sync makes another one unnecessary. */
import type { SyncScope } from '../../shared/run.ts';

/** Whether everything that `asked` would do, `planned` does too. */
export function covers(planned: SyncScope, asked: SyncScope): boolean {
  switch (planned.kind) {
    case 'all':
      switch (asked.kind) {
        case 'all':
          return asked.consent.every((state) => planned.consent.includes(state));
        case 'conversations':
        case 'preferences':
          // syncAll takes in welcomes and the device-sync groups.
          return true;
        case 'conversation':
          // It might be quiet to libxmtp, or of another consent state.
          return false;
      }
      break;
    case 'conversation':
      return asked.kind === 'conversation' && asked.conversationId === planned.conversationId;
    case 'conversations':
    case 'preferences':
      return asked.kind === planned.kind;
  }
  return false;
}
