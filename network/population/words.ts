/** Names and sentences for people who do not exist, drawn from a seed so that every run is alike. */

export interface Dice {
  /** A whole number from 0 to below `sides`. */
  roll(sides: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

/** Mulberry32: small, fast, and the same everywhere. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const roll = (sides: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * sides);
  };
  return {
    roll,
    pick(items) {
      const item = items[roll(items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
  };
}

export const personNames: readonly string[] = [
  'Maya',
  'Noor',
  'Tomás',
  'Yuki',
  'Amara',
  'Lev',
  'Ingrid',
  'Kofi',
  'Sofia',
  'Ravi',
  'Zeynep',
  'Jonas',
  'Mei',
  'Omar',
  'Clara',
  'Dmitri',
  'Aisha',
  'Felix',
  'Hana',
  'Luca',
  'Nadia',
  'Pavel',
  'Rosa',
  'Samir',
];

export const groupNames: readonly string[] = [
  'Book club',
  'Trail runners',
  'Sunday kitchen',
  'Garden swap',
  'Rehearsal room',
  'Lisbon in May',
  'Repair café',
  'مجموعة السفر',
  'Chess by mail',
  'Night sky watchers of the northern hills and valleys, autumn chapter',
];

export const sentences: readonly string[] = [
  'Are you coming tonight?',
  'I found the photos from last summer.',
  'The train is ten minutes late.',
  'Thank you, that was exactly what I needed.',
  'Can somebody bring bread?',
  'Let’s meet at the usual place.',
  'I read the first three chapters and could not stop.',
  'The key is under the flower pot.',
  'Happy birthday! 🎉',
  'See https://example.org/route for the way up.',
  'No hurry, tomorrow is fine too.',
  'שבוע טוב לכולם',
  'Who has the large tent?',
  'I will call you after work.',
  'It rained all day, so we stayed in and played cards until late.',
];

export const replies: readonly string[] = [
  'Yes, count me in.',
  'I was just about to ask the same.',
  'That is good news!',
  'Let me think about it until Sunday.',
  'Sorry, I only see this now.',
  'I will bring it.',
];

export const emoji: readonly string[] = ['👍', '❤️', '😂', '🎉', '😮', '🙏'];

export const files: readonly {
  readonly name: string;
  readonly type: string;
  readonly text: string;
}[] = [
  { name: 'packing list.txt', type: 'text/plain', text: 'tent\nstove\nmap\nsomething warm\n' },
  { name: 'expenses.csv', type: 'text/csv', text: 'what,who,amount\nbread,Maya,4.20\n' },
  { name: 'route.gpx', type: 'application/gpx+xml', text: '<gpx version="1.1"></gpx>\n' },
];

export const spam: readonly string[] = [
  'You have won! Claim your prize now.',
  'Guaranteed returns, only today.',
  'Your wallet needs to be verified, click here.',
  'Cheap watches, best quality.',
];
