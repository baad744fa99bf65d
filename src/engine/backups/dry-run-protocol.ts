import type { historyElements } from '../../shared/history.ts';
import type { DryRun } from './dry-run.ts';

export type HistoryElement = (typeof historyElements)[number];

export interface DryRunRequest {
  readonly archive: Uint8Array<ArrayBuffer>;
  readonly key: Uint8Array<ArrayBuffer>;
}

export type DryRunAnswer =
  { readonly ok: true; readonly result: DryRun } | { readonly ok: false; readonly detail: string };
