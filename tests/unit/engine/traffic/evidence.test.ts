import { expect, test } from 'vitest';
import { Evidence } from '../../../../src/engine/traffic/evidence.ts';

const fetched = (groupId: string) =>
  ({
    method: 'QueryGroupMessages',
    groupId,
    bytesSent: 1,
    bytesReceived: 1,
    found: true,
    outcome: { ok: true },
  }) as const;

test('what is fetched twice counts once, from the first part of a large sync to its end', () => {
  const evidence = new Evidence();
  expect(evidence.progress).toEqual({ part: 'all', done: 0, total: null });
  evidence.expect(3);
  evidence.begin('recent');
  evidence.add(fetched('a'));
  expect(evidence.progress).toEqual({ part: 'recent', done: 1, total: 3 });
  evidence.begin('all');
  evidence.add(fetched('a'));
  evidence.add(fetched('b'));
  expect(evidence.progress).toEqual({ part: 'all', done: 2, total: 3 });
});

test('conversations that are synced once more go on from there, and never back', () => {
  const evidence = new Evidence();
  evidence.expect(2);
  evidence.add(fetched('a'));
  evidence.expectAgain(2);
  expect(evidence.progress).toMatchObject({ done: 1, total: 3 });
  evidence.add(fetched('a'));
  evidence.add(fetched('b'));
  evidence.add(fetched('c'));
  expect(evidence.progress).toMatchObject({ done: 4, total: 4 });
});
