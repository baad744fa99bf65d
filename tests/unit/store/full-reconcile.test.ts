import { expect, test } from 'vitest';
import {
  neverReconciled,
  withReconcileDone,
  withReconcileDue,
  type FullReconcile,
} from '../../../src/store/owned/full-reconcile.ts';

const state = (fullReconcile: FullReconcile) => ({ fullReconcile });

test('a thorough reconcile stays thorough when a plain one is asked for too', () => {
  const due = withReconcileDue(state(neverReconciled), { thorough: false });
  expect(due.fullReconcile).toEqual({ kind: 'due', thorough: true, asked: 1 });
  const after = withReconcileDue(state({ kind: 'done', at: 5 }), { thorough: false });
  expect(after.fullReconcile).toEqual({ kind: 'due', thorough: false, asked: 1 });
});

test('a run answers what was asked for before it began, and nothing later', () => {
  const before = state({ kind: 'due', thorough: true, asked: 3 });
  expect(withReconcileDone(before, before.fullReconcile, 9).fullReconcile).toEqual({
    kind: 'done',
    at: 9,
  });
  const askedSince = withReconcileDue(before, { thorough: true });
  expect(withReconcileDone(askedSince, before.fullReconcile, 9)).toBe(askedSince);
  const daily: FullReconcile = { kind: 'done', at: 1 };
  const askedDuring = withReconcileDue(state(daily), { thorough: true });
  expect(withReconcileDone(askedDuring, daily, 9)).toBe(askedDuring);
  expect(withReconcileDone(state(daily), daily, 9).fullReconcile).toEqual({ kind: 'done', at: 9 });
});
