/** Live mode: the engine stays open with streams, and what others write is in the store at once. */
import type { ErrorRecord } from './errors.ts';
import type { Milliseconds } from './ids.ts';

/** `waiting`: the streams ended; the next try comes by itself, and so do periodic syncs. */
export type LiveStatus =
  | { readonly state: 'off'; readonly since: Milliseconds }
  | { readonly state: 'connecting'; readonly since: Milliseconds }
  | { readonly state: 'on'; readonly since: Milliseconds }
  | { readonly state: 'waiting'; readonly since: Milliseconds; readonly error: ErrorRecord | null };

export const neverLive: LiveStatus = { state: 'off', since: 0 };
