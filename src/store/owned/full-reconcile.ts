/** When every conversation of the store was last reconciled with libxmtp, or that it has to be. */
import type { Milliseconds } from '../../shared/ids.ts';

export type FullReconcile =
  | { readonly kind: 'done'; readonly at: Milliseconds }
  | {
      readonly kind: 'due';
      /** An engine ended in the middle of something: conversations are synced one by one as well. */
      readonly thorough: boolean;
      /** How often it was asked for. A run answers what was asked for before it began. */
      readonly asked: number;
    };

export const neverReconciled: FullReconcile = { kind: 'due', thorough: true, asked: 0 };

interface WithReconcile {
  readonly fullReconcile: FullReconcile;
}

/** Asks the next run to reconcile every conversation. Being thorough outlasts later requests that are not. */
export function withReconcileDue<State extends WithReconcile>(
  state: State,
  { thorough }: { readonly thorough: boolean },
): State {
  const before = state.fullReconcile;
  const fullReconcile: FullReconcile =
    before.kind === 'due'
      ? { kind: 'due', thorough: thorough || before.thorough, asked: before.asked + 1 }
      : { kind: 'due', thorough, asked: 1 };
  return { ...state, fullReconcile };
}

/**
 * Notes a full reconcile.
 * @param answered what was stored when it began: what was asked for since then is still due.
 */
export function withReconcileDone<State extends WithReconcile>(
  state: State,
  answered: FullReconcile,
  at: Milliseconds,
): State {
  const { fullReconcile } = state;
  const isAskedSince =
    fullReconcile.kind === 'due' &&
    (answered.kind === 'done' || answered.asked !== fullReconcile.asked);
  return isAskedSince ? state : { ...state, fullReconcile: { kind: 'done', at } };
}
