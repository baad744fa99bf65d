import { expect, test } from 'vitest';
import type { Message, MessageContent } from '../../../src/shared/conversation.ts';
import type { InboxId, MessageId } from '../../../src/shared/ids.ts';
import { splitLinks } from '../../../src/ui/logic/links.ts';
import { parseRoute, hrefOf } from '../../../src/ui/logic/routes.ts';
import { rowWindow } from '../../../src/ui/logic/row-window.ts';
import { timeline } from '../../../src/ui/logic/timeline.ts';

const day = new Date(2026, 4, 3, 12).getTime();
const me = 'me' as InboxId;

function message(id: string, at: number, sender: string, content: MessageContent): Message {
  return {
    id: id as MessageId,
    conversationId: '01' as never,
    sender: sender as InboxId,
    sentAt: day + at,
    delivery: 'published',
    content,
  };
}
const text = (words: string): MessageContent => ({ type: 'text', text: words });

test('messages are grouped by day and sender, whatever order they come in', () => {
  const messages = [
    message('c', 2000, 'you', text('3')),
    message('a', 0, 'me', text('1')),
    message('b', 1000, 'you', text('2')),
    message('d', 86_400_000, 'you', text('4')),
  ];
  const kinds = timeline({ messages, outbox: [], self: me, readUntil: null }).map((item) =>
    item.kind === 'message'
      ? `${item.message.id}${item.first ? '<' : ''}${item.last ? '>' : ''}`
      : item.kind,
  );
  expect(kinds).toEqual(['day', 'a<>', 'b<', 'c>', 'day', 'd<>']);
});

test('a reaction stands on its message, once a sender, and can be taken back', () => {
  const reaction = (removed: boolean): MessageContent => ({
    type: 'reaction',
    to: 'a' as MessageId,
    emoji: '👍',
    removed,
  });
  const messages = [
    message('a', 0, 'you', text('1')),
    message('r1', 1, 'me', reaction(false)),
    message('r2', 2, 'me', reaction(false)),
    message('r3', 3, 'you', reaction(false)),
    message('r4', 4, 'you', reaction(true)),
  ];
  const items = timeline({ messages, outbox: [], self: me, readUntil: null });
  const found = items.find(({ kind }) => kind === 'message');
  expect(found).toMatchObject({ reactions: [{ emoji: '👍', count: 1, own: true }] });
  expect(items.filter(({ kind }) => kind === 'message')).toHaveLength(1);
});

test('links are found without the punctuation around them, and nothing is lost', () => {
  const words = 'See (https://example.org/a?b=1), or http://x.test.';
  const pieces = splitLinks(words);
  expect(pieces.map((piece) => piece.text).join('')).toBe(words);
  expect(pieces.flatMap(({ href }) => href ?? [])).toEqual([
    'https://example.org/a?b=1',
    'http://x.test',
  ]);
  expect(splitLinks('javascript:alert(1)')).toEqual([{ text: 'javascript:alert(1)', href: null }]);
});

test('addresses of views lead back to themselves, and foreign ones to the conversations', () => {
  for (const hash of ['#/', '#/requests', '#/conversation/abcd', '#/activity', '#/activity/x']) {
    expect(hrefOf(parseRoute(hash))).toBe(hash);
  }
  expect(parseRoute('#/conversation/<script>')).toEqual({ view: 'conversations' });
  expect(parseRoute('#/nonsense')).toEqual({ view: 'conversations' });
});

test('a window of rows never leaves the list', () => {
  const input = { viewport: 600, rowHeight: 60, spare: 5, least: 20 };
  expect(rowWindow({ ...input, scrollTop: -80, count: 1000 })).toEqual({ start: 0, end: 20 });
  expect(rowWindow({ ...input, scrollTop: 1e9, count: 1000 })).toEqual({ start: 980, end: 1000 });
  expect(rowWindow({ ...input, scrollTop: 0, count: 3 })).toEqual({ start: 0, end: 3 });
});
