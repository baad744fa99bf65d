import { expect, test } from 'vitest';
import { writeScript, type Deed } from '../../../network/population/script.ts';

const options = { conversations: 60, strangers: 12, messages: 20, seed: 3 };
const month = 30 * 86_400_000;

test('the same seed tells the same story, and another one another', () => {
  expect(writeScript(options)).toEqual(writeScript(options));
  expect(writeScript({ ...options, seed: 4 })).not.toEqual(writeScript(options));
});

test('everything that people do happens, over months, in order of time', () => {
  const { scenes, talks } = writeScript(options);
  const kinds: readonly Deed['kind'][] = [
    'found',
    'text',
    'reply',
    'react',
    'attach',
    'rename',
    'leave',
  ];
  expect(new Set(scenes.map(({ deed }) => deed.kind))).toEqual(new Set(kinds));
  expect(new Set(talks.map(({ kind }) => kind))).toEqual(new Set(['dm', 'group']));
  const times = scenes.map(({ ago }) => ago);
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  expect(times[0]! - times.at(-1)!).toBeGreaterThan(3 * month);
  expect(times.at(-1)).toBeGreaterThan(0);
});

test('nobody speaks before a conversation is founded, or without being in it', () => {
  const { scenes, talks } = writeScript(options);
  const founded = new Set<number>();
  const gone = new Set<string>();
  for (const { talk, by, deed } of scenes) {
    const { founder, members } = talks[talk]!;
    if (deed.kind === 'found') founded.add(talk);
    expect(founded.has(talk)).toBe(true);
    expect([founder, ...members]).toContain(by);
    expect(gone.has(`${talk} ${by}`)).toBe(false);
    if (deed.kind === 'leave') gone.add(`${talk} ${by}`);
  }
});

test.each([10, 100, 1000])('%d conversations need a few dozen people', (conversations) => {
  const { people, talks } = writeScript({ ...options, conversations, messages: 2 });
  expect(talks.filter(({ isWithFriends }) => isWithFriends)).toHaveLength(conversations);
  expect(talks.filter(({ isWithFriends }) => !isWithFriends)).toHaveLength(options.strangers);
  expect(people.length).toBeLessThanOrEqual(60);
  expect(new Set(people.map(({ secret }) => secret)).size).toBe(people.length);
  // Two conversations with one person would be the same one.
  const founders = talks.flatMap(({ kind, founder }) => (kind === 'dm' ? [founder] : []));
  expect(new Set(founders).size).toBe(founders.length);
});
