import { expect, test } from 'vitest';
import { beginning, formatCursor, parseCursor } from '../../../../src/engine/changes/cursor.ts';

test('a cursor comes back as it was', () => {
  const cursor = { from: 12n, plan: null, done: 't1', reported: 'f1' };
  expect(parseCursor(formatCursor(cursor))).toEqual(cursor);
});

test('a cursor of before lists had fingerprints stands where it stood', () => {
  expect(parseCursor('{"from":"12","plan":null,"done":"t1"}')).toEqual({
    from: 12n,
    plan: null,
    done: 't1',
    reported: null,
  });
});

test('what cannot be read means from the beginning', () => {
  expect(parseCursor('nonsense')).toEqual(beginning);
  expect(parseCursor('{"from":"-1","plan":null,"done":null,"reported":null}')).toEqual(beginning);
});
