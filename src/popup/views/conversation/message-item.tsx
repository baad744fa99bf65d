/** One message, sent or on its way. */
import type { MessageContent } from '../../../shared/conversation.ts';
import type { OutboxEntry } from '../../../shared/outbox.ts';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { splitLinks } from '../../../ui/logic/links.ts';
import { plainText, type TimelineItem } from '../../../ui/logic/timeline.ts';
import { useApp } from '../../../ui/state/app.ts';
import { useCommand } from '../../../ui/state/command.ts';
import { contentLine } from '../../../ui/text/contents.ts';
import { formatClock, formatDateTime } from '../../../ui/text/format.ts';
import { t } from '../../../ui/text/messages.ts';

type MessageLine = Extract<TimelineItem, { kind: 'message' }>;

export function MessageItem({
  item: { message, own, first, last, reactions },
  showSender,
}: {
  readonly item: MessageLine;
  readonly showSender: boolean;
}) {
  const { names } = useApp();
  const classes = ['message', own && 'own', first && 'first'].filter(Boolean).join(' ');
  return (
    <div
      class={classes}
      data-testid="message"
      data-message-id={message.id}
      data-sender={message.sender}
      data-sent-at={message.sentAt}
      data-content-type={message.content.type}
      data-delivery={message.delivery}
      data-own={String(own)}
    >
      {showSender && !own && first && <p class="sender mono">{names.nameOf(message.sender)}</p>}
      <Bubble content={message.content} />
      {reactions.length > 0 && (
        <p class="reactions">
          {reactions.map(({ emoji, count }) => (
            <span key={emoji} data-testid="reaction" data-emoji={emoji} data-count={count}>
              {emoji}
              {count > 1 && ` ${count}`}
            </span>
          ))}
        </p>
      )}
      {last && (
        <p class="meta">
          <time
            dateTime={new Date(message.sentAt).toISOString()}
            title={formatDateTime(message.sentAt)}
          >
            {formatClock(message.sentAt)}
          </time>
          {message.delivery !== 'published' && ` · ${t('outbox_not_delivered')}`}
        </p>
      )}
    </div>
  );
}

function Bubble({ content }: { readonly content: MessageContent }) {
  const text = plainText(content);
  return (
    <div class="bubble" dir="auto" data-testid="message-text">
      {text === null ? <span class="quiet">{contentLine(content)}</span> : <Linked text={text} />}
    </div>
  );
}

function Linked({ text }: { readonly text: string }) {
  return (
    <>
      {splitLinks(text).map(({ text: piece, href }, index) =>
        href === null ? (
          piece
        ) : (
          <a key={index} href={href} target="_blank" rel="noopener noreferrer">
            {piece}
          </a>
        ),
      )}
    </>
  );
}

export function OutboxItem({ entry }: { readonly entry: OutboxEntry }) {
  const { run, busy, error } = useCommand();
  const { id, text, state } = entry;
  return (
    <div
      class="message own first unsent"
      data-testid="outbox-entry"
      data-outbox-id={id}
      data-outbox-state={state.kind}
    >
      <div class="bubble" dir="auto" data-testid="message-text">
        {text}
      </div>
      {state.kind === 'failed' ? (
        <div class="stack">
          <ErrorNote error={error.value ?? state.error} />
          <div class="row">
            <button
              type="button"
              class="button"
              data-testid="retry-send"
              aria-busy={busy.value}
              onClick={() => void run('retrySend', { outboxId: id })}
            >
              {t('outbox_retry')}
            </button>
            <button
              type="button"
              class="button quiet danger"
              data-testid="discard-send"
              aria-busy={busy.value}
              onClick={() => void run('discardSend', { outboxId: id })}
            >
              {t('outbox_discard')}
            </button>
          </div>
        </div>
      ) : (
        <p class="meta">{t(`outbox_${state.kind}`)}</p>
      )}
    </div>
  );
}
