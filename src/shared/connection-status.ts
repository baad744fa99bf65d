/** The connection to libxmtp's local database: who closed it decides who may open it again. */
import type { ErrorRecord } from './errors.ts';
import type { Milliseconds } from './ids.ts';

/**
 * `resting`: closed by Lockstep itself while there is nothing to do; any work opens it.
 * `released`: dropped by hand; the popup says so, and the next sync or reconnect opens it again.
 * `failed`: the last opening failed; the next work tries again.
 */
export type ConnectionStatus =
  | { readonly state: 'resting'; readonly since: Milliseconds }
  | { readonly state: 'opening'; readonly since: Milliseconds }
  | { readonly state: 'open'; readonly since: Milliseconds }
  | { readonly state: 'released'; readonly since: Milliseconds }
  | { readonly state: 'failed'; readonly since: Milliseconds; readonly error: ErrorRecord };
