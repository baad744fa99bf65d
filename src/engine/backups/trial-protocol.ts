import type { historyElements } from '../../shared/history.ts';
import type { Trial } from './trial.ts';

export type HistoryElement = (typeof historyElements)[number];

export interface TrialRequest {
  readonly archive: Uint8Array<ArrayBuffer>;
  readonly key: Uint8Array<ArrayBuffer>;
}

export type TrialAnswer =
  { readonly ok: true; readonly trial: Trial } | { readonly ok: false; readonly detail: string };
