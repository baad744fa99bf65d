/** People who wrote for the first time: who they are, without a word of what they wrote. */
import { useEffect, useMemo } from 'preact/hooks';
import type { Conversation } from '../../../shared/conversation.ts';
import { Avatar } from '../../../ui/components/avatar.tsx';
import { Empty } from '../../../ui/components/empty.tsx';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { VirtualList } from '../../../ui/components/virtual-list.tsx';
import { hrefOf } from '../../../ui/logic/routes.ts';
import { useApp } from '../../../ui/state/app.ts';
import { useCommand } from '../../../ui/state/command.ts';
import { conversationList } from '../../../ui/state/conversation-list.ts';
import { useServices } from '../../../ui/state/services.ts';
import { conversationTitle, titleIsId } from '../../../ui/text/conversations.ts';
import { t } from '../../../ui/text/messages.ts';
import { rowHeight } from '../conversations/conversation-rows.tsx';

export function Requests() {
  const { reader, feed } = useServices();
  const list = useMemo(() => conversationList(reader, feed, 'unknown'), [reader, feed]);
  useEffect(() => () => list.stop(), [list]);
  const rows = list.rows.value;
  if (list.error.value !== null) return <ErrorNote error={list.error.value} />;
  if (rows === undefined) return <div class="view" />;
  if (rows.length === 0) {
    return <Empty icon="requests" title={t('requests_empty')} hints={[t('requests_empty_hint')]} />;
  }
  return (
    <div class="view">
      <VirtualList
        loaded={rows.length}
        total={list.total.value}
        rowHeight={rowHeight}
        label={t('nav_requests')}
        testid="request-list"
        onNeed={(index) => list.ensure(index)}
      >
        {({ start, end, total }) =>
          rows.slice(start, end).map((row, offset) => (
            <div
              key={row.id}
              class="list-row"
              role="listitem"
              aria-setsize={total}
              aria-posinset={start + offset + 1}
              style={{ top: `${(start + offset) * rowHeight}px` }}
            >
              <RequestRow conversation={row} index={start + offset} />
            </div>
          ))
        }
      </VirtualList>
      <p class="list-foot soft">{t('requests_hint')}</p>
    </div>
  );
}

function RequestRow({
  conversation,
  index,
}: {
  readonly conversation: Conversation;
  readonly index: number;
}) {
  const { names } = useApp();
  const { run, busy, error } = useCommand();
  const { id, kind, addedBy, consent } = conversation;
  const title = conversationTitle(conversation);
  void names.version.value;
  useEffect(() => names.learn(id), [id]);
  return (
    <div
      class="request-row"
      data-testid="request-row"
      data-index={index}
      data-conversation-id={id}
      data-kind={kind}
      data-consent={consent}
      data-added-by={addedBy ?? undefined}
    >
      <Avatar kind={kind} title={title} />
      <a
        class={titleIsId(conversation) ? 'title one-line mono' : 'title one-line'}
        dir="auto"
        href={hrefOf({ view: 'conversation', id })}
        data-testid="open-conversation"
      >
        <span data-testid="conversation-title">{title}</span>
      </a>
      <span class="by one-line">
        {error.value !== null ? (
          <span class="problem" role="alert">
            {t(`error_${error.value.code}`)}
          </span>
        ) : kind === 'group' && addedBy !== null ? (
          t('request_by', { who: names.nameOf(addedBy) })
        ) : (
          t('dm_without_peer')
        )}
      </span>
      <button
        type="button"
        class="button primary accept"
        data-testid="accept"
        aria-busy={busy.value}
        aria-label={`${t('accept')}: ${title}`}
        onClick={() => void run('setConsent', { conversationId: id, consent: 'allowed' })}
      >
        {t('accept')}
      </button>
      <button
        type="button"
        class="button deny"
        data-testid="deny"
        aria-busy={busy.value}
        aria-label={`${t('deny')}: ${title}`}
        onClick={() => void run('setConsent', { conversationId: id, consent: 'denied' })}
      >
        {t('deny')}
      </button>
    </div>
  );
}
