/** What tests ask of the lab engine, over a BroadcastChannel of the extension's origin. */
export const labChannel = 'lockstep-lab';

/** One raw operation that changed or flushed a file of libxmtp's pool. */
export interface DiskStep {
  /** The logical path at that time; empty for a free file. */
  readonly path: string;
  readonly operation: 'write' | 'truncate' | 'flush';
  readonly at: number;
  readonly length: number;
}

/**
 * `short`: a write takes half of its bytes and says so. `torn`: it takes half and throws. `refused`: it
 * takes nothing and throws, as a full disk does. `flush`: the flush throws.
 */
export type DiskFault = 'short' | 'torn' | 'refused' | 'flush';

export type LabRequest =
  | { readonly ask: 'record' }
  | { readonly ask: 'recording' }
  /** Strikes once, after so many more raw operations of its kind. */
  | { readonly ask: 'spoil'; readonly fault: DiskFault; readonly after: number };

export type LabAnswer = { readonly steps: readonly DiskStep[] };
