/**
 * What the people of a population do and when, drawn from a seed: the same options give the same script.
 * It says nothing of clients; `play.ts` acts it out.
 */
import { dice, emoji, files, groupNames, personNames, replies, sentences, spam } from './words.ts';
import type { Dice } from './words.ts';

export interface ScriptOptions {
  /** Conversations with friends. */
  readonly conversations: number;
  /** Conversations with strangers, who send spam, too. */
  readonly strangers: number;
  /** Texts and what is done instead of one, in each conversation. */
  readonly messages: number;
  readonly seed: number;
}

export interface Person {
  readonly name: string;
  /** What its private key is made from. */
  readonly secret: string;
  readonly isFriend: boolean;
}

export interface Talk {
  /** A one-to-one conversation has no name and no members but its founder. */
  readonly kind: 'dm' | 'group';
  readonly name: string;
  readonly founder: number;
  readonly members: readonly number[];
  readonly isWithFriends: boolean;
}

export type Deed =
  | { readonly kind: 'found' }
  | { readonly kind: 'text'; readonly text: string }
  /** To the text before. */
  | { readonly kind: 'reply'; readonly text: string }
  | { readonly kind: 'react'; readonly emoji: string }
  | { readonly kind: 'attach'; readonly name: string; readonly type: string; readonly text: string }
  | { readonly kind: 'rename'; readonly name: string }
  | { readonly kind: 'leave' };

export interface Scene {
  /** How long ago, in milliseconds. */
  readonly ago: number;
  /** Index of `talks`. */
  readonly talk: number;
  /** Index of `people`: the inbox itself only listens. */
  readonly by: number;
  readonly deed: Deed;
}

export interface Script {
  readonly people: readonly Person[];
  readonly talks: readonly Talk[];
  /** From the oldest to the newest. */
  readonly scenes: readonly Scene[];
  readonly mySecret: string;
}

/** Clients are what costs time, so people have many conversations each. */
const mostFriends = 40;
const mostStrangers = 12;
const day = 86_400_000;
const longestHistory = 200 * day;
const lastSilence = 60_000;

export function writeScript(options: ScriptOptions): Script {
  const chance = dice(options.seed);
  const people = gather(options);
  const talks = [
    ...arrange(people, true, options.conversations, chance),
    ...arrange(people, false, options.strangers, chance),
  ];
  const scenes = talks.flatMap((talk, index) => act(talk, index, people, options.messages, chance));
  const mySecret = `lockstep population ${options.seed}, me`;
  return { people, talks, mySecret, scenes: scenes.sort((a, b) => b.ago - a.ago) };
}

function gather({ conversations, strangers, seed }: ScriptOptions): readonly Person[] {
  const friends = Math.min(mostFriends, Math.max(2, Math.ceil(conversations / 2)));
  const others = Math.min(mostStrangers, strangers);
  return Array.from({ length: friends + others }, (_, i) => {
    const round = Math.floor(i / personNames.length);
    const name = personNames[i % personNames.length] ?? 'Someone';
    return {
      name: round === 0 ? name : `${name} ${String.fromCharCode(65 + round)}.`,
      secret: `lockstep population ${seed}, person ${i}`,
      isFriend: i < friends,
    };
  });
}

/** Every second conversation is one-to-one, as long as there is somebody who has none yet. */
function arrange(
  people: readonly Person[],
  isWithFriends: boolean,
  count: number,
  chance: Dice,
): readonly Talk[] {
  const circle = people.flatMap(({ isFriend }, i) => (isFriend === isWithFriends ? [i] : []));
  const lonely = [...circle];
  return Array.from({ length: count }, (_, i) => {
    const alone = i % 2 === 0 ? lonely.shift() : undefined;
    if (alone !== undefined) {
      return { kind: 'dm' as const, name: '', founder: alone, members: [], isWithFriends };
    }
    const founder = chance.pick(circle);
    const others = circle.filter((person) => person !== founder);
    const invited = isWithFriends ? chance.roll(4) + 1 : 0;
    const members = new Set<number>();
    while (members.size < Math.min(invited, others.length)) members.add(chance.pick(others));
    const turn = Math.floor(i / 2);
    const base = groupNames[turn % groupNames.length] ?? 'Group';
    const round = Math.floor(turn / groupNames.length);
    const name = round === 0 ? base : `${base} ${round + 1}`;
    return { kind: 'group' as const, name, founder, members: [...members], isWithFriends };
  });
}

/** A conversation from its founding on: a few evenings of talk, spread over months. */
function act(
  talk: Talk,
  index: number,
  people: readonly Person[],
  messages: number,
  chance: Dice,
): readonly Scene[] {
  const scenes: Scene[] = [];
  let ago = longestHistory / 10 + chance.roll((longestHistory * 9) / 10);
  const founding = ago;
  const add = (by: number, deed: Deed) => scenes.push({ ago, talk: index, by, deed });
  add(talk.founder, { kind: 'found' });
  const [partner] = talk.members;
  let leaver = talk.members.length > 1 && chance.roll(3) === 0 ? talk.members.at(-1) : undefined;
  const speakers: readonly number[] = [
    talk.founder,
    talk.founder,
    ...(partner === undefined ? [] : [partner]),
  ];
  for (let i = 0; i < messages; i++) {
    // Evenings get closer together towards today.
    if (i > 0) ago = next(ago, founding, messages - i, chance);
    const by = i === 0 ? talk.founder : chance.pick(speakers);
    if (i === 0) {
      const name = people[talk.founder]?.name ?? 'me';
      const text = talk.isWithFriends
        ? `Hi, it’s ${name}. ${chance.pick(sentences)}`
        : chance.pick(spam);
      add(by, { kind: 'text', text });
      continue;
    }
    add(by, pickDeed(talk, by, chance));
    if (leaver !== undefined && i > messages / 2) {
      add(leaver, { kind: 'leave' });
      leaver = undefined;
    }
  }
  return scenes;
}

function next(ago: number, founding: number, left: number, chance: Dice): number {
  const isSameEvening = chance.roll(3) > 0;
  const stride = isSameEvening
    ? chance.roll(600_000) + 5000
    : (ago / (left + 1)) * (chance.roll(150) / 100);
  return Math.min(founding, Math.max(lastSilence + left, ago - Math.max(1, Math.floor(stride))));
}

function pickDeed(talk: Talk, by: number, chance: Dice): Deed {
  const text = (): Deed => ({
    kind: 'text',
    text: chance.pick(talk.isWithFriends || chance.roll(2) === 0 ? sentences : spam),
  });
  if (!talk.isWithFriends) return text();
  const roll = chance.roll(20);
  if (roll < 3) return { kind: 'reply', text: chance.pick(replies) };
  if (roll < 5) return { kind: 'react', emoji: chance.pick(emoji) };
  if (roll === 5) return { kind: 'attach', ...chance.pick(files) };
  if (roll === 6 && talk.kind === 'group' && by === talk.founder) {
    return {
      kind: 'rename',
      name: `${talk.name}, ${chance.pick(['new season', 'again', 'for real'])}`,
    };
  }
  return text();
}
