/** The popup: whatever the store says, in the view that the address names. */
import { useSignal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { ErrorNote } from '../ui/components/error-note.tsx';
import { later } from '../ui/components/later.tsx';
import { isUnusable } from '../ui/logic/database-trouble.ts';
import { painted } from '../ui/logic/painted.ts';
import { hrefOf, parseRoute, type Route } from '../ui/logic/routes.ts';
import { useApp } from '../ui/state/app.ts';
import { useServices } from '../ui/state/services.ts';
import { useWalletStep } from '../ui/state/wallet-step.ts';
import { t } from '../ui/text/messages.ts';
import { AllowedConversations, DeniedConversations } from './views/conversations/conversations.tsx';
import { Header } from './header.tsx';

/** Everything but the list of conversations, which is what a popup opens with. */
const views = {
  requests: later(() => import('./views/requests/requests.tsx').then(({ Requests }) => Requests)),
  conversation: later(() =>
    import('./views/conversation/conversation.tsx').then((module) => module.ConversationView),
  ),
  activity: later(() => import('./views/activity/activity.tsx').then(({ Activity }) => Activity)),
  history: later(() => import('./views/history/history.tsx').then(({ History }) => History)),
  settings: later(() => import('./views/settings/settings.tsx').then(({ Settings }) => Settings)),
  backups: later(() => import('./views/backups/backups.tsx').then(({ Backups }) => Backups)),
  database: later(() => import('./views/database/database.tsx').then(({ Database }) => Database)),
};

/** Before there is an inbox, and where a wallet has to sign. */
const wallet = later(() => import('./views/wallet/wallet.tsx').then((module) => module.WalletView));

function isHere({ view }: Route): boolean {
  return view === 'conversations' || view === 'denied' || views[view].settled.value;
}

export function Popup() {
  const { account, requestedRun, requestedHistory, allowed, connection } = useApp();
  const walletStep = useWalletStep();
  const route = useSignal(parseRoute(location.hash));
  // Before the rows can be seen: who clicks on what is there at once must be followed.
  useLayoutEffect(() => {
    const follow = () => {
      route.value = parseRoute(location.hash);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);

  const current = account.value.value;
  const hasRows = allowed.rows.value !== undefined;
  const isPainted = current === null || (current !== undefined && hasRows);
  useLayoutEffect(() => {
    if (!isPainted) return;
    performance.mark('lockstep:rows-ready');
    void painted().then(() => {
      performance.mark('lockstep:rows-painted');
      // The store's word comes first, then no click waits for a view's code.
      void allowed.first.then(() => {
        for (const { load } of Object.values(views)) void load();
      });
    });
  }, [isPainted]);
  if (account.error.value !== null && current === undefined) {
    return (
      <main class="app" data-testid="app" data-ready="true" data-screen="failed">
        <div class="page">
          <ErrorNote error={account.error.value} />
        </div>
      </main>
    );
  }
  if (walletStep !== null) return <wallet.View step={walletStep} />;
  if (current !== undefined && current?.phase !== 'ready') {
    return <Invitation registering={current !== null} />;
  }
  return (
    <main
      class="app"
      // Its header is drawn before anything is known, because mostly it is what will be shown.
      hidden={current === undefined}
      data-testid="app"
      data-ready={String(isPainted && allowed.isRead.value && isHere(route.value))}
      data-screen={route.value.view}
      data-requested-run={requestedRun.value.id ?? undefined}
      data-requests={requestedRun.value.count}
      data-requested-history={requestedHistory.value ?? undefined}
    >
      {route.value.view !== 'conversation' && <Header route={route.value} />}
      {connection.value.value?.state === 'released' && (
        <p class="note warn small" data-testid="released-banner">
          {t('released_banner')}
        </p>
      )}
      <BrokenBanner route={route.value} />
      {current !== undefined && <View route={route.value} />}
    </main>
  );
}

/** Nothing can be synced until the person has chosen, so every view says so. */
function BrokenBanner({ route }: { readonly route: Route }) {
  const current = useApp().connection.value.value;
  if (current?.state !== 'failed' || !isUnusable(current.error)) return null;
  if (route.view === 'database') return null;
  return (
    <p class="note bad small" data-testid="broken-banner" data-error-code={current.error.code}>
      <strong>{t(`error_${current.error.code}`)}</strong>
      <a href={hrefOf({ view: 'database' })}>{t('database_see_options')}</a>
    </p>
  );
}

function View({ route }: { readonly route: Route }) {
  switch (route.view) {
    case 'conversations':
      return <AllowedConversations />;
    case 'denied':
      return <DeniedConversations />;
    case 'requests':
      return <views.requests.View />;
    case 'conversation':
      return <views.conversation.View key={route.id} id={route.id} />;
    case 'activity':
      return <views.activity.View run={route.run} />;
    case 'history':
      return <views.history.View />;
    case 'settings':
      return <views.settings.View />;
    case 'database':
      return <views.database.View />;
    case 'backups':
      return <views.backups.View />;
  }
}

function Invitation({ registering }: { readonly registering: boolean }) {
  const { openPage } = useServices();
  return (
    <main
      class="app"
      data-testid="app"
      data-ready="true"
      data-screen={registering ? 'registering' : 'invitation'}
    >
      <div class="empty" data-testid="invitation">
        <img src="/icons/128.png" width="64" height="64" alt="" />
        <strong>{t(registering ? 'registering_title' : 'invitation_title')}</strong>
        <p>{t('invitation_hint')}</p>
        <button
          type="button"
          class="button primary"
          data-testid="open-setup"
          onClick={() => void openPage('pages/setup/index.html')}
        >
          {t(registering ? 'registering_open' : 'invitation_button')}
        </button>
      </div>
    </main>
  );
}
