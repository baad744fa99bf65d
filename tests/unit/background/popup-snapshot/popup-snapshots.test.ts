import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PopupSnapshots } from '../../../../src/background/popup-snapshot/popup-snapshots.ts';
import type { Conversation } from '../../../../src/shared/conversation.ts';
import { decodePopupSnapshot, type PopupSnapshot } from '../../../../src/shared/popup-snapshot.ts';
import type { ConversationId } from '../../../../src/shared/ids.ts';

const [a, b, c] = ['aa', 'bb', 'cc'] as ConversationId[] as [
  ConversationId,
  ConversationId,
  ConversationId,
];
/** What the store holds; null stands for no account. */
let stored: readonly ConversationId[] | null;
let text: string | null;
let calls: string[];
let reads: number;
/** Holds a reading up, between what it saw and its answer. */
let reading: Promise<void>;
let screens: PopupSnapshots;

const screenOf = (ids: readonly ConversationId[]): PopupSnapshot => ({
  account: { phase: 'ready' } as PopupSnapshot['account'],
  settings: {} as PopupSnapshot['settings'],
  rows: ids.map((id) => ({ id, consent: 'allowed' }) as Conversation),
  pinned: [],
});
const pictured = () => decodePopupSnapshot(text)?.rows.map(({ id }) => id) ?? null;
const pass = () => vi.advanceTimersByTimeAsync(1000);
const changed = () => screens.changed({ topics: ['conversations', 'messages'] });
const storage = {
  put: async (picture: string) => {
    calls.push('put');
    text = picture;
  },
  remove: async () => {
    calls.push('remove');
    text = null;
  },
};

beforeEach(async () => {
  vi.useFakeTimers();
  [stored, text, calls, reads, reading] = [[a, b], 'of an earlier life', [], 0, Promise.resolve()];
  screens = new PopupSnapshots({
    storage,
    read: async () => {
      reads++;
      const seen = stored;
      await reading;
      return seen === null ? null : screenOf(seen);
    },
  });
});
afterEach(() => vi.useRealTimers());

test('many changes make one picture; what looks the same is not written, what is not shown not read', async () => {
  for (let i = 0; i < 10; i++) changed();
  await pass();
  expect(pictured()).toEqual([a, b]);
  changed();
  await pass();
  expect({ reads, calls }).toEqual({ reads: 2, calls: ['put'] });
  screens.changed({ topics: ['runs', 'schedule', 'connection', 'outbox', 'history'] });
  await pass();
  expect(reads).toBe(2);
});

test('a picture is gone before what it shows is hidden, and the next one is made afterwards', async () => {
  screens.soon();
  await pass();
  await screens.hide(
    (id) => id === a,
    async () => {
      expect(text).toBeNull();
      changed();
      await pass(); // none is made while it is being hidden
      expect(text).toBeNull();
      stored = [b];
    },
  );
  await pass();
  expect(pictured()).toEqual([b]);
});

test('what is in no picture is hidden without a call, but an earlier life may have left anything', async () => {
  await screens.hide(
    (id) => id === c,
    async () => undefined,
  );
  expect(calls).toEqual(['remove']);
  await pass();
  await screens.hide(
    (id) => id === c,
    async () => undefined,
  );
  await pass();
  expect(calls).toEqual(['remove', 'put']);
});

test('a reading from before something was hidden makes no picture', async () => {
  let goOn: () => void = () => undefined;
  reading = new Promise((resolve) => (goOn = resolve));
  screens.soon();
  await pass();
  const hiding = screens.hide(
    (id) => id === a,
    async () => {
      stored = [b];
    },
  );
  goOn();
  await hiding;
  expect(text).toBeNull();
  await pass();
  expect(pictured()).toEqual([b]);
});

test('it goes when there is no account, and a failure is tried again with the next change', async () => {
  screens.soon();
  await pass();
  stored = null;
  screens.changed({ topics: ['account'] });
  await pass();
  expect(text).toBeNull();
  stored = [a];
  vi.spyOn(storage, 'put').mockRejectedValueOnce(new Error('full'));
  for (let i = 0; i < 2; i++) {
    changed();
    await pass();
  }
  expect(pictured()).toEqual([a]);
});

test('whatever fails, what hides is carried out', async () => {
  vi.spyOn(storage, 'remove').mockRejectedValueOnce(new Error('no'));
  expect(
    await screens.hide(
      () => true,
      async () => 'done',
    ),
  ).toBe('done');
  await expect(
    screens.hide(
      () => true,
      () => Promise.reject(new Error('disk')),
    ),
  ).rejects.toThrow('disk');
  await pass();
  expect(pictured()).toEqual([a, b]);
});
