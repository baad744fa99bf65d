/** One conversation: what was written, and what can be done with it. */
import { useEffect, useRef } from 'preact/hooks';
import type { Conversation } from '../../../shared/conversation.ts';
import type { ConversationId, InboxId } from '../../../shared/ids.ts';
import { Empty } from '../../../ui/components/empty.tsx';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { Icon } from '../../../ui/components/icon.tsx';
import { PinButton } from '../../../ui/components/pin-button.tsx';
import { SummaryRows } from '../../../ui/components/summary-rows.tsx';
import { hrefOf } from '../../../ui/logic/routes.ts';
import { useApp } from '../../../ui/state/app.ts';
import { useCommand, useSync } from '../../../ui/state/command.ts';
import { concernsConversation, useLive } from '../../../ui/state/live.ts';
import { useServices } from '../../../ui/state/services.ts';
import { conversationTitle, titleIsId } from '../../../ui/text/conversations.ts';
import { plural, t } from '../../../ui/text/messages.ts';
import { outcomeWords } from '../../../ui/text/runs.ts';
import { Composer } from './composer.tsx';
import { DetailsButton } from './conversation-details.tsx';
import { MessageList } from './message-list.tsx';

export function ConversationView({ id }: { readonly id: ConversationId }) {
  return <Found key={id} id={id} />;
}

function Found({ id }: { readonly id: ConversationId }) {
  const { reader } = useServices();
  const peer = useRef<InboxId | null>(null);
  const read = async () => {
    const stored = await reader.conversation(id);
    if (stored !== null) peer.current = stored.peer?.inboxId ?? null;
    // A newer one with the same person took it in while it was shown, and has all its messages.
    else if (peer.current !== null) return reader.dmWith(peer.current);
    return stored;
  };
  const found = useLive(['conversations'], read, [id], concernsConversation(id));
  const conversation = found.value.value;
  const current = conversation?.id ?? id;
  useEffect(() => {
    if (current !== id) location.replace(hrefOf({ view: 'conversation', id: current }));
  }, [current, id]);
  if (found.error.value !== null) return <ErrorNote error={found.error.value} />;
  if (conversation === undefined) return <div class="view" />;
  if (conversation === null) {
    return (
      <Empty
        icon="chats"
        title={t('conversation_missing')}
        hints={[t('conversation_missing_hint')]}
      />
    );
  }
  return <Loaded key={current} conversation={conversation} />;
}

function Loaded({ conversation }: { readonly conversation: Conversation }) {
  const { names } = useApp();
  const { sync, busy, error } = useSync();
  const pinning = useCommand();
  const { id, kind, consent, active, memberCount } = conversation;
  const title = conversationTitle(conversation);
  useEffect(() => names.learn(id), [id, memberCount]);
  return (
    <section
      class="view"
      data-testid="conversation"
      data-conversation-id={id}
      data-kind={kind}
      data-consent={consent}
      data-active={String(active)}
      aria-label={title}
    >
      <div class="conversation-head">
        <a
          class="button quiet icon-only"
          href={backFrom(conversation)}
          aria-label={t('back_to_chats')}
          data-testid="back"
        >
          <Icon name="back" />
        </a>
        <div class="who">
          <h1
            class={titleIsId(conversation) ? 'one-line mono' : 'one-line'}
            dir="auto"
            data-testid="conversation-heading"
            title={title}
          >
            {title}
          </h1>
          {kind === 'group' && memberCount !== null && (
            <p class="soft small">{plural('members', memberCount)}</p>
          )}
        </div>
        <button
          type="button"
          class="button quiet icon-only"
          data-testid="sync-conversation"
          aria-label={t('sync_this')}
          title={t('sync_this')}
          aria-busy={busy.value}
          onClick={() => void sync({ kind: 'conversation', conversationId: id })}
        >
          <Icon name="sync" />
        </button>
        {consent === 'allowed' && <PinButton id={id} command={pinning} />}
        <DetailsButton conversation={conversation} />
      </div>
      <ErrorNote error={error.value ?? pinning.error.value} alert />
      <OwnRun conversationId={id} />
      <MessageList conversation={conversation} />
      <Foot conversation={conversation} />
    </section>
  );
}

function backFrom({ consent }: Conversation): string {
  if (consent === 'unknown') return hrefOf({ view: 'requests' });
  return hrefOf({ view: consent === 'denied' ? 'denied' : 'conversations' });
}

/** What the sync that was started here did. */
function OwnRun({ conversationId }: { readonly conversationId: ConversationId }) {
  const { requestedRun } = useApp();
  const { reader } = useServices();
  const wanted = requestedRun.value.id;
  const run = useLive(['runs'], async () => (wanted === null ? null : reader.run(wanted)), [wanted])
    .value.value;
  if (run?.scope.kind !== 'conversation' || run.scope.conversationId !== conversationId)
    return null;
  const summary = run.state === 'complete' || run.state === 'partial' ? run.summary : null;
  return (
    <div
      class="conversation-run"
      data-testid="conversation-run"
      data-run-id={run.id}
      data-run-state={run.state}
      aria-live="polite"
    >
      {summary === null ? (
        outcomeWords(run)
      ) : (
        <details>
          <summary>{outcomeWords(run)}</summary>
          <SummaryRows summary={summary} />
        </details>
      )}
    </div>
  );
}

function Foot({ conversation }: { readonly conversation: Conversation }) {
  const { run, busy, error } = useCommand();
  const { id, consent, active } = conversation;
  if (consent === 'allowed') {
    if (!active) return <Inactive conversation={conversation} />;
    return <Composer conversationId={id} />;
  }
  return (
    <div class="decide">
      <p>{t(consent === 'unknown' ? 'decide_unknown' : 'decide_denied')}</p>
      <ErrorNote error={error.value} alert />
      <div class="row">
        <button
          type="button"
          class="button primary"
          data-testid="accept"
          aria-busy={busy.value}
          onClick={() => void run('setConsent', { conversationId: id, consent: 'allowed' })}
        >
          {t('accept')}
        </button>
        {consent === 'unknown' && (
          <button
            type="button"
            class="button"
            data-testid="deny"
            aria-busy={busy.value}
            onClick={() => void run('setConsent', { conversationId: id, consent: 'denied' })}
          >
            {t('deny')}
          </button>
        )}
      </div>
    </div>
  );
}

/** Why nothing can be written, and what to do about it. Members are not known of what was imported. */
function Inactive({ conversation }: { readonly conversation: Conversation }) {
  const { run, busy, error } = useCommand();
  const { id, kind, memberCount } = conversation;
  const reason = memberCount !== null ? 'left' : kind;
  return (
    <div class="decide" data-testid="inactive">
      <p>{t(`read_only_${reason}`)}</p>
      <ErrorNote error={error.value} alert />
      {reason === 'dm' && (
        <div class="row">
          <button
            type="button"
            class="button primary"
            data-testid="restart-dm"
            aria-busy={busy.value}
            disabled={busy.value}
            onClick={() => void run('restartDm', { conversationId: id })}
          >
            {t('restart_dm')}
          </button>
        </div>
      )}
    </div>
  );
}
