/** The lab engine's interface for tests, over a BroadcastChannel of the extension's origin. */
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
 * Injected faults. `short`: a write writes half of its bytes and reports it. `torn`: it writes half and throws.
 * `refused`: it writes nothing and throws, as on a full disk. `flush`: the flush throws.
 */
export type DiskFault = 'short' | 'torn' | 'refused' | 'flush';

export type LabRequest =
  | { readonly ask: 'record' }
  | { readonly ask: 'recording' }
  /** Takes effect once, after this many more raw operations of its kind. */
  | { readonly ask: 'spoil'; readonly fault: DiskFault; readonly after: number };

export type LabAnswer = { readonly steps: readonly DiskStep[] };
