/** The conversations of one consent state: allowed ones, or those that were denied. */
import { useEffect, useMemo } from 'preact/hooks';
import type { Conversation } from '../../shared/conversation.ts';
import type { InboxId, Milliseconds } from '../../shared/ids.ts';
import { avatar } from '../components/avatar.tsx';
import { Empty } from '../components/empty.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { Icon } from '../components/icon.tsx';
import { VirtualList } from '../components/virtual-list.tsx';
import { hrefOf } from '../logic/routes.ts';
import { useApp } from '../state/app.ts';
import { now } from '../state/clock.ts';
import { conversationList, type ConversationList } from '../state/conversation-list.ts';
import { useServices } from '../state/services.ts';
import { contentLine } from '../text/contents.ts';
import { conversationTitle, titleIsId } from '../text/conversations.ts';
import { formatCompact, formatDateTime, formatListTime } from '../text/format.ts';
import { plural, t } from '../text/messages.ts';

export const rowHeight = 64;

export function AllowedConversations() {
  const { allowed, counts } = useApp();
  const denied = counts.value.value?.denied ?? 0;
  return (
    <div class="view">
      <Rows
        list={allowed}
        testid="conversation-list"
        empty={
          <Empty
            icon="chats"
            title={t('conversations_empty')}
            hints={[t('conversations_empty_hint'), t('conversations_empty_requests')]}
          />
        }
      />
      {denied > 0 && (
        <p class="list-foot">
          <a href={hrefOf({ view: 'denied' })} data-testid="filter-denied">
            {t('denied_show')} ({formatCompact(denied)})
          </a>
        </p>
      )}
    </div>
  );
}

export function DeniedConversations() {
  const { reader, feed } = useServices();
  const list = useMemo(() => conversationList(reader, feed, 'denied'), [reader, feed]);
  useEffect(() => () => list.stop(), [list]);
  return (
    <div class="view">
      <div class="conversation-head">
        <a
          class="button quiet icon-only"
          href={hrefOf({ view: 'conversations' })}
          aria-label={t('back_to_chats')}
          data-testid="filter-allowed"
        >
          <Icon name="back" />
        </a>
        <h2>{t('denied_title')}</h2>
      </div>
      <Rows
        list={list}
        testid="conversation-list"
        empty={<Empty icon="chats" title={t('denied_empty')} />}
      />
    </div>
  );
}

function Rows({
  list,
  empty,
  testid,
}: {
  readonly list: ConversationList;
  readonly empty: preact.JSX.Element;
  readonly testid: string;
}) {
  const { account } = useApp();
  const rows = list.rows.value;
  if (list.error.value !== null) return <ErrorNote error={list.error.value} />;
  if (rows === undefined) return null;
  if (rows.length === 0) return empty;
  const self = account.value.value?.phase === 'ready' ? account.value.value.inboxId : null;
  const pinned = list.pinned.value;
  const moment = now.value;
  return (
    <VirtualList
      rows={rows}
      total={list.total.value}
      rowHeight={rowHeight}
      keyOf={({ id }) => id}
      label={t('nav_conversations')}
      testid={testid}
      onNeed={(index) => list.ensure(index)}
      render={(conversation, index) =>
        conversationRow({
          conversation,
          index,
          isPinned: pinned.has(conversation.id),
          self,
          moment,
        })
      }
    />
  );
}

/** A function and no component: what a component costs by itself would be paid for every row. */
function conversationRow({
  conversation,
  index,
  isPinned,
  self,
  moment,
}: {
  readonly conversation: Conversation;
  readonly index: number;
  readonly isPinned: boolean;
  readonly self: InboxId | null;
  readonly moment: Milliseconds;
}) {
  const { id, kind, consent, unread, active, lastActivityAt, lastMessage } = conversation;
  const title = conversationTitle(conversation);
  const preview = lastMessage === null ? t('no_messages') : contentLine(lastMessage.content);
  return (
    <a
      class="conversation-row"
      href={hrefOf({ view: 'conversation', id })}
      data-testid="conversation-row"
      data-index={index}
      data-conversation-id={id}
      data-kind={kind}
      data-consent={consent}
      data-unread={unread}
      data-active={String(active)}
      data-pinned={String(isPinned)}
      data-last-activity={lastActivityAt}
      data-last-message-id={lastMessage?.id}
    >
      {avatar(kind, title)}
      <span
        class={titleIsId(conversation) ? 'title one-line mono' : 'title one-line'}
        dir="auto"
        data-testid="conversation-title"
      >
        {title}
      </span>
      <time
        class="time"
        dateTime={new Date(lastActivityAt).toISOString()}
        title={formatDateTime(lastActivityAt)}
      >
        {formatListTime(lastActivityAt, moment)}
      </time>
      <span class="preview one-line" dir="auto" data-testid="conversation-preview">
        {lastMessage !== null && lastMessage.sender === self ? `${t('you')}: ${preview}` : preview}
      </span>
      {(isPinned || unread > 0) && (
        <span class="marks">
          {isPinned && (
            <span class="pin">
              <Icon name="pin" />
              <span class="hidden-visually">{t('pinned')}</span>
            </span>
          )}
          {unread > 0 && (
            <span class="badge" aria-label={plural('unread', unread)}>
              {formatCompact(unread)}
            </span>
          )}
        </span>
      )}
    </a>
  );
}
