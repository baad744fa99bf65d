import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pageLimit, TopicLog } from '../../../network/storage/topic-log.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function logOf(entries: readonly (readonly [topic: string, entry: string])[]): TopicLog<string> {
  const log = new TopicLog<string>();
  for (const [topic, entry] of entries) log.add(bytes(topic), log.nextId(), entry, bytes(entry));
  return log;
}

const topics = fc.constantFrom('a', 'b', 'c');

test('paging either way gives every entry of a topic once and in order', () => {
  fc.assert(
    fc.property(
      fc.array(topics, { maxLength: 300 }),
      fc.integer({ min: 0, max: 120 }),
      (sequence, limit) => {
        const entries = sequence.map((topic, index) => [topic, `${topic}${index}`] as const);
        const log = logOf(entries);
        for (const topic of ['a', 'b', 'c']) {
          const expected = entries.filter(([of]) => of === topic).map(([, entry]) => entry);
          for (const direction of ['ascending', 'descending'] as const) {
            const found: string[] = [];
            let cursor = 0n;
            do {
              const page = log[direction](bytes(topic), cursor, limit);
              expect(page.entries.length).toBeLessThanOrEqual(
                limit === 0 ? pageLimit : Math.min(limit, pageLimit),
              );
              found.push(...page.entries);
              cursor = page.nextCursor;
            } while (cursor !== 0n);
            expect(found).toEqual(direction === 'ascending' ? expected : expected.toReversed());
          }
        }
      },
    ),
  );
});

test('a subscription sees each entry after its cursors once and in order, while others write', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(topics, { maxLength: 40 }),
      fc.array(topics, { maxLength: 40 }),
      fc.nat({ max: 40 }),
      async (before, after, cursor) => {
        const entries = [...before, ...after].map(
          (topic, i) => [topic, `${topic}${i + 1}`] as const,
        );
        const log = logOf(entries.slice(0, before.length));
        const abort = new AbortController();
        const expected = entries.filter(([topic], i) => topic !== 'c' && i + 1 > cursor);
        const cursors = ['a', 'b'].map((topic) => ({
          topic: bytes(topic),
          cursor: BigInt(cursor),
        }));
        const found: string[] = [];
        const reading = (async () => {
          for await (const entry of log.subscribe(cursors, abort.signal)) {
            found.push(entry);
            if (found.length === expected.length) abort.abort();
          }
        })();
        for (const [topic, entry] of entries.slice(before.length)) {
          if (entry.length % 2 === 0) await Promise.resolve();
          log.add(bytes(topic), log.nextId(), entry, null);
        }
        if (expected.length === 0) abort.abort();
        await reading;
        expect(found).toHaveLength(expected.length);
        for (const topic of ['a', 'b']) {
          const of = (list: readonly string[]) => list.filter((entry) => entry.startsWith(topic));
          expect(of(found)).toEqual(of(expected.map(([, entry]) => entry)));
        }
      },
    ),
  );
});

test('the same bytes in the same topic are stored once, also within one call', () => {
  const log = logOf([['a', 'x']]);
  const fresh = log.fresh(['ax', 'bx', 'ay', 'ay'], (entry) => [
    bytes(entry.slice(0, 1)),
    bytes(entry.slice(1)),
  ]);
  expect(fresh).toEqual(['bx', 'ay']);
});
