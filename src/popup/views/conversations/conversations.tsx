/** The conversations of one consent state: allowed ones, or those that were denied. */
import { useEffect, useMemo } from 'preact/hooks';
import { Empty } from '../../../ui/components/empty.tsx';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { Icon } from '../../../ui/components/icon.tsx';
import { VirtualList } from '../../../ui/components/virtual-list.tsx';
import { hrefOf } from '../../../ui/logic/routes.ts';
import { useApp } from '../../../ui/state/app.ts';
import { now } from '../../../ui/state/clock.ts';
import { conversationList, type ConversationList } from '../../../ui/state/conversation-list.ts';
import { useServices } from '../../../ui/state/services.ts';
import { formatCompact } from '../../../ui/text/format.ts';
import { t } from '../../../ui/text/messages.ts';
import { ConversationRows, rowHeight } from './conversation-rows.tsx';

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
      loaded={rows.length}
      total={list.total.value}
      rowHeight={rowHeight}
      label={t('nav_conversations')}
      testid={testid}
      onNeed={(index) => list.ensure(index)}
    >
      {(window) => <ConversationRows {...{ rows, window, pinned, self, moment }} />}
    </VirtualList>
  );
}
