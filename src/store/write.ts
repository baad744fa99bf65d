/**
 * The store's write half: one for the background's lifetime. Connections open when first needed and
 * again after the browser took one away.
 */
import type { AccountId } from '../shared/ids.ts';
import { deleteDerived, openDerived, openOwned } from './database.ts';
import { DerivedStore } from './derived/store.ts';
import { openFeed } from './feed.ts';
import { everyConversation, unguarded, type HidingGuard } from './hiding.ts';
import type { ConsentIntent } from './owned/consent-intents.ts';
import { createOwnedStore, type OwnedStore } from './owned/store.ts';

export interface Store {
  readonly owned: OwnedStore;
  /** The derived data of an account; made empty when it is not there or of another version. */
  derived(accountId: AccountId): DerivedStore;
  /**
   * What the person chose for a conversation: the intent, then what is shown. Both are behind one guard, so
   * that no copy of the chats can be made between them.
   */
  chooseConsent(intent: ConsentIntent): Promise<void>;
  deleteDerived(accountId: AccountId): Promise<void>;
  close(): void;
}

/** Memoises an opening; failures and lost connections clear it, so the next use tries again. */
function reopening<Database extends { close(): void }>(
  open: (lifetime: { readonly onGone: () => void }) => Promise<Database>,
) {
  let opening: Promise<Database> | null = null;
  return {
    get(): Promise<Database> {
      opening ??= open({ onGone: () => (opening = null) }).catch((error: unknown) => {
        opening = null;
        throw error;
      });
      return opening;
    },
    close(): void {
      void opening?.then((database) => database.close()).catch(() => undefined);
      opening = null;
    },
  };
}

export interface StoreOptions {
  /** For whoever keeps copies of what the store shows. */
  readonly hiding?: HidingGuard;
}

/** Opens the write half. Nothing is touched until the first use. */
export function openStore({ hiding = unguarded }: StoreOptions = {}): Store {
  const feed = openFeed();
  const owned = reopening(openOwned);
  const derivedConnections = new Map<AccountId, ReturnType<typeof derivedConnection>>();
  const derivedConnection = (accountId: AccountId) =>
    reopening((lifetime) => openDerived(accountId, lifetime));

  const ownedStore = createOwnedStore({ open: owned.get, announce: feed.announce, hiding });
  const derivedStore = (accountId: AccountId) => {
    let connection = derivedConnections.get(accountId);
    if (connection === undefined) {
      connection = derivedConnection(accountId);
      derivedConnections.set(accountId, connection);
    }
    return new DerivedStore({ open: connection.get, announce: feed.announce, hiding });
  };

  return {
    owned: ownedStore,
    derived: derivedStore,
    chooseConsent(intent) {
      const { accountId, conversationId, consent } = intent;
      const commit = async () => {
        await ownedStore.consentIntents.put(intent);
        await derivedStore(accountId).setConsent(conversationId, consent);
      };
      return consent === 'allowed' ? commit() : hiding((id) => id === conversationId, commit);
    },
    deleteDerived(accountId) {
      return hiding(everyConversation, async () => {
        derivedConnections.get(accountId)?.close();
        derivedConnections.delete(accountId);
        await deleteDerived(accountId);
      });
    },
    close() {
      owned.close();
      for (const connection of derivedConnections.values()) connection.close();
      feed.close();
    },
  };
}
