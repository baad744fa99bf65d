import { expect, test } from 'vitest';
import { withChoices } from '../../../../src/background/sync/consent-choices.ts';
import type { ConsentState } from '../../../../src/shared/consent.ts';
import type { Changes } from '../../../../src/shared/engine-protocol.ts';
import type { ConversationId } from '../../../../src/shared/ids.ts';

const reading = {
  conversations: [
    { id: 'a', consent: 'allowed' },
    { id: 'b', consent: 'unknown' },
  ],
  messages: [{ conversationId: 'a' }, { conversationId: 'b' }, { conversationId: 'a' }],
  cursor: 'c',
} as unknown as Changes;

const under = (choices: Record<string, ConsentState>) => {
  const { conversations, messages } = withChoices(
    reading,
    new Map(Object.entries(choices) as [ConversationId, ConsentState][]),
  );
  return [conversations.map(({ consent }) => consent), messages.length];
};

test('without choices a reading stays what it is', () => {
  expect(withChoices(reading, new Map())).toBe(reading);
});

test('what was denied meanwhile stays denied, and its messages stay away', () => {
  expect(under({ a: 'denied' })).toEqual([['denied', 'unknown'], 1]);
});

test('what was allowed meanwhile is allowed, and its messages are fetched on their own', () => {
  expect(under({ b: 'allowed' })).toEqual([['allowed', 'allowed'], 2]);
});

test('a choice that libxmtp knows already changes nothing', () => {
  expect(under({ a: 'allowed' })).toEqual([['allowed', 'unknown'], 3]);
});

test('messages that come in a later piece than their conversation are left out too', () => {
  const later = { ...reading, conversations: [] };
  const { messages } = withChoices(later, new Map([['a' as ConversationId, 'denied']]));
  expect(messages).toHaveLength(1);
});
