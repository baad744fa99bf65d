import { expect, test } from 'vitest';
import { firstToServe, servedFirst } from '../../../../src/engine/operations/serving-order.ts';
import type { ConversationId } from '../../../../src/shared/ids.ts';

const ids = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `c${from + index}` as ConversationId);

test('pinned conversations are served before those that were active last, so many in all', () => {
  const stale = ids(0, 100);
  const pinned = new Set(['c70', 'c1', 'c40'] as ConversationId[]);
  const first = firstToServe(stale, pinned);
  expect(first.slice(0, 4)).toEqual(['c1', 'c40', 'c70', 'c0']);
  expect(first).toHaveLength(servedFirst);
  expect(new Set(first).size).toBe(servedFirst);
});

test('a pinned conversation with nothing new is not fetched', () => {
  const first = firstToServe(ids(0, 100), new Set(['quiet' as ConversationId]));
  expect(first).toEqual(ids(0, servedFirst));
});

test('more pinned ones than that are all served', () => {
  const pinned = ids(50, 50 + servedFirst + 5);
  expect(firstToServe(ids(0, 100), new Set(pinned))).toEqual(pinned);
});
