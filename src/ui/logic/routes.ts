/** The popup's views and their addresses, which work as deep links. */
import type { ConversationId, RunId } from '../../shared/ids.ts';

export type Route =
  | { readonly view: 'conversations' }
  | { readonly view: 'denied' }
  | { readonly view: 'requests' }
  | { readonly view: 'conversation'; readonly id: ConversationId }
  | { readonly view: 'activity'; readonly run: RunId | null }
  | { readonly view: 'history' }
  | { readonly view: 'settings' }
  | { readonly view: 'database' }
  | { readonly view: 'backups' };

/** The view of a location's hash. What is not an address of ours shows the conversations. */
export function parseRoute(hash: string): Route {
  const [view = '', argument = ''] = hash.replace(/^#?\/?/, '').split('/');
  switch (view) {
    case 'denied':
    case 'requests':
    case 'history':
    case 'settings':
    case 'database':
    case 'backups':
      return { view };
    case 'activity':
      return { view, run: argument === '' ? null : (argument as RunId) };
    case 'conversation':
      // Only looked up in the store, so its form is checked here and its truth there.
      return /^(?:[0-9a-f]{2}){1,64}$/.test(argument)
        ? { view, id: argument as ConversationId }
        : { view: 'conversations' };
    default:
      return { view: 'conversations' };
  }
}

/** The hash that `parseRoute` reads back. */
export function hrefOf(route: Route): string {
  switch (route.view) {
    case 'conversations':
      return '#/';
    case 'conversation':
      return `#/conversation/${route.id}`;
    case 'activity':
      return route.run === null ? '#/activity' : `#/activity/${route.run}`;
    default:
      return `#/${route.view}`;
  }
}
