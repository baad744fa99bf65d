/** Keeps a conversation at the top of the chats, or no longer. */
import type { ConversationId } from '../../shared/ids.ts';
import { useApp } from '../state/app.ts';
import type { CommandHandle } from '../state/command.ts';
import { t } from '../text/messages.ts';
import { Icon } from './icon.tsx';

interface Props {
  readonly id: ConversationId;
  /** Whoever shows the button shows what went wrong, where there is room for words. */
  readonly command: CommandHandle;
}

export function PinButton({ id, command: { run, busy } }: Props) {
  const isPinned = useApp().allowed.pinned.value.has(id);
  return (
    <button
      type="button"
      class="button quiet icon-only"
      data-testid="pin"
      aria-label={t('pin')}
      aria-pressed={isPinned}
      aria-busy={busy.value}
      title={t(isPinned ? 'unpin' : 'pin')}
      onClick={() => void run('setPinned', { conversationId: id, pinned: !isPinned })}
    >
      <Icon name="pin" />
    </button>
  );
}
