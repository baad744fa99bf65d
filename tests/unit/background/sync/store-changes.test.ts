import { beforeEach, expect, test } from 'vitest';
import type { Engine } from '../../../../src/background/connection/engine.ts';
import { storeChanges } from '../../../../src/background/sync/store-changes.ts';
import type { Changes, ChangesInput } from '../../../../src/shared/engine-protocol.ts';
import type { InboxId } from '../../../../src/shared/ids.ts';
import type { DerivedStore } from '../../../../src/store/derived/store.ts';

const read = { self: 'aa' as InboxId, floor: 0, positions: new Map() };
let cursor: string | null;
let steps: string[];
let writes: string[];

const derived = {
  cursor: async () => cursor,
  apply: async (changes: Changes) => {
    writes.push('apply');
    cursor = changes.cursor;
    return { newConversations: [], updatedConversations: [], consentChanges: [], newMessages: 0 };
  },
  keepOnlyConversations: async () => void writes.push('keepOnlyConversations'),
} as unknown as DerivedStore;

/** An engine in which nothing has changed since any cursor. */
const engine: Engine = {
  call: async (_name: string, input: ChangesInput): Promise<Changes> => ({
    conversations: [],
    messages: [],
    removed: [],
    cursor: `after ${input.cursor}`,
    remaining: 0,
    done: true,
  }),
};

const update = (scan: 'touched' | 'all') =>
  storeChanges(engine, derived, {
    scan,
    messagesOf: ['allowed'],
    read,
    choices: async () => new Map(),
    onProgress: ({ step }) => void steps.push(step),
  });

beforeEach(() => {
  cursor = 'c1';
  steps = [];
  writes = [];
});

test('a reading that finds nothing writes nothing, and is not called storing', async () => {
  expect(await update('touched')).toMatchObject({ newMessages: 0, newConversations: 0 });
  expect(writes).toEqual([]);
  expect(cursor).toBe('c1');
  expect(steps).not.toContain('storing');
});

test('the first reading is kept although it found nothing', async () => {
  cursor = null;
  await update('touched');
  expect(cursor).toBe('after null');
});

test('a reading of everything is kept: it was the proof that nothing is missing', async () => {
  await update('all');
  expect(writes).toEqual(['apply', 'keepOnlyConversations']);
});
