/** Who is in a conversation, what it is about, and the consent given to it. */
import { useRef } from 'preact/hooks';
import { consentStates } from '../../../shared/consent.ts';
import type { Conversation } from '../../../shared/conversation.ts';
import { ErrorNote } from '../../../ui/components/error-note.tsx';
import { Icon } from '../../../ui/components/icon.tsx';
import { useApp } from '../../../ui/state/app.ts';
import { useCommand } from '../../../ui/state/command.ts';
import { concernsConversation, useLive } from '../../../ui/state/live.ts';
import { useServices } from '../../../ui/state/services.ts';
import { conversationTitle } from '../../../ui/text/conversations.ts';
import { shortId } from '../../../ui/text/ids.ts';
import { t } from '../../../ui/text/messages.ts';

const roleKeys = {
  member: 'role_member',
  admin: 'role_admin',
  'super-admin': 'role_super_admin',
} as const;

export function DetailsButton({ conversation }: { readonly conversation: Conversation }) {
  const sheet = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button
        type="button"
        class="button quiet icon-only"
        data-testid="conversation-details"
        aria-label={t('details')}
        title={t('details')}
        onClick={() => sheet.current?.showModal()}
      >
        <Icon name="info" />
      </button>
      <dialog ref={sheet} data-testid="conversation-sheet" aria-label={t('details')}>
        <Details conversation={conversation} />
        <button type="button" class="button" onClick={() => sheet.current?.close()}>
          {t('connection_close')}
        </button>
      </dialog>
    </>
  );
}

function Details({ conversation }: { readonly conversation: Conversation }) {
  const { account } = useApp();
  const { reader } = useServices();
  const { run, busy, error } = useCommand();
  const { id, kind, consent, description } = conversation;
  const members = useLive(
    ['conversations'],
    () => reader.members(id),
    [id],
    concernsConversation(id),
  ).value.value;
  const self = account.value.value?.phase === 'ready' ? account.value.value.inboxId : null;
  return (
    <div class="stack">
      <h2 class="break" dir="auto">
        {conversationTitle(conversation)}
      </h2>
      {kind === 'group' && (
        <p class="soft break" dir="auto" data-testid="conversation-description">
          {description ?? t('no_description')}
        </p>
      )}
      <div class="section">
        <h3 class="small soft">{t('consent_label')}</h3>
        <div class="row">
          {consentStates.map((state) => (
            <button
              key={state}
              type="button"
              class={state === consent ? 'button primary' : 'button'}
              data-testid={`consent-${state}`}
              aria-pressed={state === consent}
              aria-busy={busy.value}
              onClick={() => void run('setConsent', { conversationId: id, consent: state })}
            >
              {t(`consent_set_${state}`)}
            </button>
          ))}
        </div>
        <ErrorNote error={error.value} alert />
      </div>
      <div class="section">
        <h3 class="small soft">{t('members_title')}</h3>
        <ul>
          {members?.map(({ inboxId, addresses, role }) => (
            <li
              key={inboxId}
              class="member"
              data-testid="member"
              data-inbox-id={inboxId}
              data-role={role}
            >
              <span class="mono one-line" title={addresses[0] ?? inboxId}>
                {inboxId === self ? t('you') : shortId(addresses[0] ?? inboxId)}
              </span>
              {kind === 'group' && <span class="soft small">{t(roleKeys[role])}</span>}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
