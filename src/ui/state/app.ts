/** What the popup shows on every view: account, connection, settings, runs and the list of conversations. */
import { batch, signal, type Signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PublicAccount } from '../../shared/account.ts';
import type { ConnectionStatus } from '../../shared/connection-status.ts';
import type { PopupSnapshot } from '../../shared/popup-snapshot.ts';
import type { RunId } from '../../shared/ids.ts';
import type { LiveStatus as LiveMode } from '../../shared/live-status.ts';
import type { Completeness, Run } from '../../shared/run.ts';
import type { SignatureRequest } from '../../shared/signature-request.ts';
import type { Settings } from '../../shared/settings.ts';
import type { WalletLink } from '../../shared/wallet-link.ts';
import { painted } from '../logic/painted.ts';
import { conversationList, type ConversationList } from './conversation-list.ts';
import { live, type Live } from './live.ts';
import { createNames, type Names } from './names.ts';
import type { Services } from './services.ts';

export interface AppState {
  readonly account: Live<PublicAccount | null>;
  readonly signatureRequest: Live<SignatureRequest | null>;
  readonly walletLink: Live<WalletLink | null>;
  readonly connection: Live<ConnectionStatus>;
  readonly settings: Live<Settings>;
  readonly activeRun: Live<Run | null>;
  readonly lastRun: Live<Run | null>;
  readonly completeness: Live<Completeness | null>;
  readonly liveMode: Live<LiveMode>;
  /** How many conversations wait to be accepted, and how many were denied. */
  readonly counts: Live<Readonly<Record<'unknown' | 'denied', number>>>;
  readonly allowed: ConversationList;
  readonly names: Names;
  /** The run that the latest click on a sync button started or joined. */
  readonly requestedRun: Signal<{ readonly id: RunId | null; readonly count: number }>;
  readonly requestedHistory: Signal<string | null>;
}

/**
 * Starts all readings at once, so that the first paint waits for one trip to the store only. Counting
 * waits: it is the one reading that takes longer the larger the inbox is. Where there is a `snapshot`,
 * it is shown first, and the readings begin when it is painted: their answers would hold it up.
 */
export function createAppState(
  { reader, feed }: Services,
  snapshot?: Promise<PopupSnapshot | null>,
): AppState {
  const after = snapshot?.then((stored) => {
    if (stored === null) return;
    // At once: rows without an account would be nothing to see.
    batch(() => {
      account.show(stored.account);
      settings.show(stored.settings);
      allowed.show(stored);
    });
    return painted();
  });
  const allowed = conversationList(reader, feed, 'allowed', { after });
  const account = live(feed, ['account'], () => reader.account(), { after });
  const settings = live(feed, ['settings'], () => reader.settings(), { after });
  return {
    allowed,
    account,
    activeRun: live(feed, ['runs'], () => reader.activeRun(), { after }),
    lastRun: live(feed, ['runs'], () => reader.lastEndedRun(), { after }),
    signatureRequest: live(feed, ['account'], () => reader.signatureRequest(), { after }),
    walletLink: live(feed, ['account'], () => reader.walletLink(), { after }),
    connection: live(feed, ['connection'], () => reader.connection(), { after }),
    settings,
    completeness: live(feed, ['runs'], () => reader.completeness(), { after }),
    liveMode: live(feed, ['connection'], () => reader.live(), { after }),
    counts: live(
      feed,
      ['conversations'],
      async () => {
        const [unknown, denied] = await Promise.all([
          reader.countConversations('unknown'),
          reader.countConversations('denied'),
        ]);
        return { unknown, denied };
      },
      { after: allowed.first },
    ),
    names: createNames(reader),
    requestedRun: signal({ id: null, count: 0 }),
    requestedHistory: signal<string | null>(null),
  };
}

export const AppContext = createContext<AppState | null>(null);

export function useApp(): AppState {
  const app = useContext(AppContext);
  if (app === null) throw new Error('No app state around this component.');
  return app;
}
