/** What the browser knows of its network. Neither browser tells an extension about the battery. */
import type { NetworkState } from '../sync/sync-schedule.ts';

/** Only Chromium has it (wicg.github.io/netinfo). */
interface NavigatorWithConnection {
  readonly connection?: { readonly saveData?: boolean };
}

export const networkState: NetworkState = {
  isOffline: () => !navigator.onLine,
  isSavingData: () => (navigator as NavigatorWithConnection).connection?.saveData === true,
};
