/** Writing a message. The text stays until the background has it in safe keeping. */
import { useSignal } from '@preact/signals';
import type { ConversationId } from '../../../shared/ids.ts';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { Icon } from '../../../ui/components/icon.tsx';
import { useCommand } from '../../../ui/state/command.ts';
import { t } from '../../../ui/text/messages.ts';

export function Composer({ conversationId }: { readonly conversationId: ConversationId }) {
  const { run, busy, error } = useCommand();
  const text = useSignal('');
  async function send() {
    const written = text.value;
    if (written.trim() === '' || busy.value) return;
    const answer = await run('sendText', { conversationId, text: written });
    if (answer !== null && text.value === written) text.value = '';
  }
  return (
    <>
      <ErrorNote error={error.value} alert />
      <form
        class="composer"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <textarea
          class="textarea"
          rows={1}
          dir="auto"
          data-testid="composer"
          aria-label={t('composer_label')}
          placeholder={t('composer_hint')}
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
          }}
          onKeyDown={(event) => {
            // An input method's Enter chooses a word; it does not send.
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void send();
          }}
        />
        <button
          type="submit"
          class="button primary icon-only"
          data-testid="send"
          aria-label={t('send')}
          aria-busy={busy.value}
          disabled={text.value.trim() === ''}
        >
          <Icon name="send" />
        </button>
      </form>
    </>
  );
}
