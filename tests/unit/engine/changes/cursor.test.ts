import { expect, test } from 'vitest';
import { formatCursor, parseCursor, start } from '../../../../src/engine/changes/cursor.ts';

test('a cursor comes back as it was', () => {
  const cursor = { from: 12n, inProgress: null, acknowledged: 't1', fingerprint: 'f1' };
  expect(parseCursor(formatCursor(cursor))).toEqual(cursor);
});

test('a stored cursor is still read', () => {
  expect(parseCursor('{"from":"12","plan":"t2","done":null,"reported":"f1"}')).toEqual({
    from: 12n,
    inProgress: 't2',
    acknowledged: null,
    fingerprint: 'f1',
  });
});

test('a cursor that predates fingerprints keeps its place', () => {
  expect(parseCursor('{"from":"12","plan":null,"done":"t1"}')).toEqual({
    from: 12n,
    inProgress: null,
    acknowledged: 't1',
    fingerprint: null,
  });
});

test('an illegible cursor means the start', () => {
  expect(parseCursor('nonsense')).toEqual(start);
  expect(parseCursor('{"from":"-1","plan":null,"done":null,"reported":null}')).toEqual(start);
});
