import { expect, test } from 'vitest';
import type { ConversationId } from '../../../../src/shared/ids.ts';
import type { SyncScope } from '../../../../src/shared/run.ts';
import { covers } from '../../../../src/background/sync/scopes.ts';

const all = (...consent: readonly ('allowed' | 'unknown' | 'denied')[]) =>
  ({ kind: 'all', consent }) as unknown as SyncScope;
const one = (id: string): SyncScope => ({
  kind: 'conversation',
  conversationId: id as ConversationId,
});

test('a sync of everything covers narrower ones, welcomes and preferences', () => {
  expect(covers(all('allowed', 'unknown'), all('allowed'))).toBe(true);
  expect(covers(all('allowed'), all('allowed', 'unknown'))).toBe(false);
  expect(covers(all('allowed'), { kind: 'conversations' })).toBe(true);
  expect(covers(all('allowed'), { kind: 'preferences' })).toBe(true);
});

test('a sync of one conversation is never left to a sync of everything', () => {
  expect(covers(all('allowed', 'unknown', 'denied'), one('aa'))).toBe(false);
  expect(covers(one('aa'), one('aa'))).toBe(true);
  expect(covers(one('aa'), one('bb'))).toBe(false);
  expect(covers(one('aa'), all('allowed'))).toBe(false);
});
