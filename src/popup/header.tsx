/** What every view of the popup begins with: connection, sync, last or running sync, views. */
import { useSignal } from '@preact/signals';
import type { ConsentState } from '../shared/consent.ts';
import type { Completeness } from '../shared/run.ts';
import { ActiveRun } from '../ui/components/active-run.tsx';
import { asFilter, ConsentChecks } from '../ui/components/consent-checks.tsx';
import { ErrorNote } from '../ui/components/error-note.tsx';
import { Icon } from '../ui/components/icon.tsx';
import { hrefOf, type Route } from '../ui/logic/routes.ts';
import { useApp } from '../ui/state/app.ts';
import { now } from '../ui/state/clock.ts';
import { useSync } from '../ui/state/command.ts';
import {
  daysBetween,
  formatAgo,
  formatClock,
  formatCompact,
  formatDateTime,
  formatListTime,
} from '../ui/text/format.ts';
import { t } from '../ui/text/messages.ts';
import { outcomeWords } from '../ui/text/runs.ts';
import { ConnectionButton } from './connection-button.tsx';

const views = [
  { view: 'conversations', label: 'nav_conversations' },
  { view: 'requests', label: 'nav_requests' },
  { view: 'activity', label: 'nav_activity' },
  { view: 'history', label: 'nav_history' },
  { view: 'settings', label: 'nav_settings' },
] as const;

export function Header({ route }: { readonly route: Route }) {
  const { counts, settings, activeRun } = useApp();
  const { sync, busy, error } = useSync();
  const menuOpen = useSignal(false);
  const requests = counts.value.value?.unknown ?? 0;
  const states = settings.value.value?.syncConsent;
  const isRunning = activeRun.value.value != null;
  return (
    <header class="header">
      <div class="bar">
        <h1>
          <img class="mark" src="/icons/48.png" alt="" />
          <span>Lockstep</span>
        </h1>
        <ConnectionButton />
        <div class="split">
          <button
            type="button"
            class="button primary"
            data-testid="sync-now"
            aria-busy={busy.value || isRunning}
            disabled={states === undefined}
            onClick={() => states !== undefined && void sync({ kind: 'all', consent: states })}
          >
            <Icon name="sync" />
            {t('sync_now')}
          </button>
          <button
            type="button"
            class="button primary icon-only"
            data-testid="sync-menu"
            aria-label={t('sync_more')}
            aria-expanded={menuOpen.value}
            onClick={() => {
              menuOpen.value = !menuOpen.value;
            }}
          >
            <Icon name="more" />
          </button>
        </div>
      </div>
      {menuOpen.value && states !== undefined && (
        <SyncOptions
          states={states}
          onStart={() => {
            menuOpen.value = false;
          }}
          sync={sync}
        />
      )}
      <div class="status" aria-live="polite">
        <Status />
        <ErrorNote error={error.value} alert />
      </div>
      <nav class="nav" aria-label={t('nav_label')}>
        {views.map(({ view, label }) => (
          <a
            key={view}
            href={hrefOf(view === 'activity' ? { view, run: null } : { view })}
            data-testid={`nav-${view}`}
            data-count={view === 'requests' ? requests : undefined}
            aria-current={isCurrent(route, view) ? 'page' : undefined}
          >
            {t(label)}
            {view === 'requests' && requests > 0 && (
              <span class="badge">{formatCompact(requests)}</span>
            )}
          </a>
        ))}
      </nav>
    </header>
  );
}

function isCurrent(route: Route, view: (typeof views)[number]['view']): boolean {
  if (view === 'conversations') return route.view === 'conversations' || route.view === 'denied';
  if (view === 'settings') return route.view === 'settings' || route.view === 'database';
  return route.view === view;
}

function SyncOptions({
  states,
  onStart,
  sync,
}: {
  readonly states: readonly ConsentState[];
  readonly onStart: () => void;
  readonly sync: ReturnType<typeof useSync>['sync'];
}) {
  const chosen = useSignal<readonly ConsentState[]>(states);
  const filter = asFilter(chosen.value);
  const start = (scope: Parameters<typeof sync>[0]) => {
    onStart();
    void sync(scope);
  };
  return (
    <div class="sync-options" data-testid="sync-options">
      <fieldset>
        <legend>{t('sync_states')}</legend>
        <ConsentChecks
          testid="sync-state"
          value={chosen.value}
          onChange={(value) => {
            chosen.value = value;
          }}
        />
      </fieldset>
      <div class="row">
        <button
          type="button"
          class="button"
          data-testid="sync-all"
          disabled={filter === null}
          onClick={() => filter !== null && start({ kind: 'all', consent: filter })}
        >
          {t('sync_these')}
        </button>
        <button
          type="button"
          class="button"
          data-testid="sync-conversations"
          onClick={() => start({ kind: 'conversations' })}
        >
          {t('sync_conversations')}
        </button>
        <button
          type="button"
          class="button"
          data-testid="sync-preferences"
          onClick={() => start({ kind: 'preferences' })}
        >
          {t('sync_preferences')}
        </button>
      </div>
    </div>
  );
}

function Status() {
  const { activeRun, lastRun, completeness } = useApp();
  const active = activeRun.value.value;
  if (active != null) return <ActiveRun run={active} />;
  const last = lastRun.value.value;
  if (last === undefined) return null;
  if (last === null || last.state === 'queued' || last.state === 'running') {
    return <span class="soft">{t('never_synced')}</span>;
  }
  return (
    <a
      href={hrefOf({ view: 'activity', run: last.id })}
      data-testid="last-sync"
      data-run-id={last.id}
      data-run-state={last.state}
      data-ended-at={last.endedAt}
    >
      <span class="one-line">
        {lastSyncWords(last.state, formatAgo(last.endedAt, now.value))}
        {last.state !== 'interrupted' && ` · ${outcomeWords(last)}`}
      </span>
      <Complete completeness={completeness.value.value ?? null} />
    </a>
  );
}

/** The proof that nothing is missing: when a sync of everything last ended without a failure. */
function Complete({ completeness }: { readonly completeness: Completeness | null }) {
  if (completeness === null) return null;
  const { at } = completeness;
  return (
    <span class="soft" data-testid="complete-at" data-at={at} title={formatDateTime(at)}>
      {daysBetween(at, now.value) <= 0
        ? t('complete_at', { time: formatClock(at) })
        : t('complete_on', { day: formatListTime(at, now.value) })}
    </span>
  );
}

function lastSyncWords(
  state: 'complete' | 'partial' | 'failed' | 'interrupted',
  when: string,
): string {
  switch (state) {
    case 'complete':
      return t('last_sync_complete', { when });
    case 'partial':
      return t('last_sync_partial', { when });
    case 'failed':
      return t('last_sync_failed', { when });
    case 'interrupted':
      return t('last_sync_interrupted', { when });
  }
}
