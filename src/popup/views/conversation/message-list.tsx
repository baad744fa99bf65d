/** A conversation's messages, newest at the bottom; older ones are read as the person scrolls up. */
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Conversation, Message } from '../../../shared/conversation.ts';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { timeline } from '../../../ui/logic/timeline.ts';
import { useApp } from '../../../ui/state/app.ts';
import { now } from '../../../ui/state/clock.ts';
import { concernsConversation, useLive } from '../../../ui/state/live.ts';
import { useServices } from '../../../ui/state/services.ts';
import { changeSentences } from '../../../ui/text/contents.ts';
import { formatDay } from '../../../ui/text/format.ts';
import { t } from '../../../ui/text/messages.ts';
import { MessageItem, OutboxItem } from './message-item.tsx';

const pageSize = 50;

export function MessageList({ conversation }: { readonly conversation: Conversation }) {
  const { id, consent, kind } = conversation;
  const { reader, send } = useServices();
  const { account, names } = useApp();
  const wanted = useSignal(pageSize);
  const concerns = concernsConversation(id);
  const messages = useLive(
    ['messages', 'conversations'],
    () => reader.messages({ conversationId: id, limit: wanted.value, before: null }),
    [id, wanted.value],
    concerns,
  );
  const outbox = useLive(['outbox', 'messages'], () => reader.outbox(id), [id], concerns);
  const readUntil = useLive([], () => reader.readPosition(id), [id]);
  const list = useRef<HTMLDivElement>(null);
  /** Distance from the bottom before new lines come in; 0 keeps the newest in view. */
  const fromBottom = useRef(0);

  const loaded = useLast(messages.value.value);
  const newest = loaded?.[0];
  useEffect(() => {
    if (consent !== 'allowed' || newest === undefined) return;
    // Only what can be seen has been read. Failing to note it costs a badge, so it may fail quietly.
    const mark = () => {
      if (document.visibilityState !== 'visible') return;
      send('markRead', { conversationId: id, until: newest.sentAt }).catch(() => undefined);
    };
    mark();
    document.addEventListener('visibilitychange', mark);
    return () => document.removeEventListener('visibilitychange', mark);
  }, [newest?.id, consent]);
  useLayoutEffect(() => {
    const element = list.current;
    if (element !== null) element.scrollTop = element.scrollHeight - fromBottom.current;
  });

  if (messages.error.value !== null) return <ErrorNote error={messages.error.value} />;
  if (loaded === undefined || outbox.value.value === undefined) return <div class="messages" />;
  const self = account.value.value?.phase === 'ready' ? account.value.value.inboxId : null;
  void names.version.value;
  const items = timeline({
    messages: loaded,
    outbox: withoutStored(outbox.value.value, loaded),
    self,
    readUntil: readUntil.value.value ?? null,
  });
  const complete = loaded.length < wanted.value;
  return (
    <div
      class="messages"
      ref={list}
      data-testid="message-list"
      data-loaded={loaded.length}
      data-complete={String(complete)}
      role="log"
      aria-label={t('nav_conversations')}
      tabIndex={0}
      onScroll={({ currentTarget }) => {
        const { scrollHeight, scrollTop, clientHeight } = currentTarget;
        const distance = scrollHeight - scrollTop;
        fromBottom.current = distance - clientHeight < 24 ? 0 : distance;
        if (scrollTop < 80 && !complete) wanted.value = loaded.length + pageSize;
      }}
    >
      {!complete && <p class="line">{t('conversation_earlier')}</p>}
      {items.length === 0 && (
        <p class="line">{t(consent === 'allowed' ? 'no_messages' : 'messages_not_fetched')}</p>
      )}
      {items.map((item) => {
        switch (item.kind) {
          case 'day':
            return (
              <p key={item.key} class="line">
                {formatDay(item.at, now.value)}
              </p>
            );
          case 'new':
            return (
              <p key={item.key} class="line new">
                {t('conversation_new')}
              </p>
            );
          case 'change':
            return (
              <p
                key={item.key}
                class="line"
                dir="auto"
                data-testid="group-change"
                data-message-id={item.message.id}
                data-sent-at={item.message.sentAt}
              >
                {changeSentences(item.change, self, (inbox) => names.nameOf(inbox)).join(' · ')}
              </p>
            );
          case 'message':
            return <MessageItem key={item.key} item={item} showSender={kind === 'group'} />;
          case 'outbox':
            return <OutboxItem key={item.key} entry={item.entry} />;
        }
      })}
    </div>
  );
}

/** Keeps the last value while the next one is being read, so that paging does not blink. */
function useLast<T>(value: T | undefined): T | undefined {
  const last = useRef(value);
  if (value !== undefined) last.current = value;
  return last.current;
}

/** Between two databases there is a moment in which a sent message is in both. */
function withoutStored<Entry extends { readonly messageId: string | null }>(
  entries: readonly Entry[],
  messages: readonly Message[],
): readonly Entry[] {
  const stored = new Set<string>(messages.map(({ id }) => id));
  return entries.filter(({ messageId }) => messageId === null || !stored.has(messageId));
}
