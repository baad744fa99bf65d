/**
 * What the background promises whatever ends it: each story is told once for every commit that it makes,
 * and the process dies right after that commit. The next process resumes, and the end must be the same.
 */
import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { resumeWork } from '../../../src/background/resume.ts';
import type { ConversationId } from '../../../src/shared/ids.ts';
import type { Run } from '../../../src/shared/run.ts';
import type * as database from '../../../src/store/database.ts';
import {
  currentProcess,
  TestBrowser,
  untilOrDead,
  type Background,
} from '../../support/background/background.ts';
import { mortal } from '../../support/background/mortal-database.ts';

vi.mock('../../../src/store/database.ts', async (importOriginal) => {
  const original = await importOriginal<typeof database>();
  return {
    ...original,
    openOwned: async (lifetime: Parameters<typeof original.openOwned>[0]) =>
      mortal(await original.openOwned(lifetime), currentProcess()),
    openDerived: async (...args: Parameters<typeof original.openDerived>) =>
      mortal(await original.openDerived(...args), currentProcess()),
  };
});

let browser: TestBrowser;
let friends: ConversationId;
let stranger: ConversationId;

beforeEach(async () => {
  browser = new TestBrowser();
  await browser.signIn();
  friends = browser.xmtp.invite('friends', 'allowed');
  stranger = browser.xmtp.invite('stranger', 'unknown');
  browser.xmtp.write(friends, 'one');
  browser.xmtp.write(friends, 'two');
  browser.xmtp.write(stranger, 'spam');
});

const everything = { kind: 'all', consent: ['allowed'] } as const;

/** What a story does, when it is over, and what must be true then. */
interface Story {
  readonly begin: (background: Background) => Promise<unknown>;
  readonly isOver: (background: Background) => Promise<boolean>;
  readonly check: (background: Background) => Promise<void>;
}

const texts = async ({ reader }: Background, id: ConversationId) =>
  (await reader.messages({ conversationId: id, limit: 100, before: null })).map(({ content }) =>
    content.type === 'text' ? content.text : content.type,
  );

const runs = ({ reader }: Background): Promise<readonly Run[]> =>
  reader.runs({ limit: 100, before: null });

/** Something was synced, and nothing is being synced. */
const isIdle = async (background: Background) =>
  (await background.reader.activeRun()) === null &&
  (await runs(background)).some(({ state }) => state === 'complete');

async function syncFirst(background: Background): Promise<void> {
  await background.services.runner.request({ scope: everything, trigger: 'user' });
  await untilOrDead(background, () => isIdle(background));
}

const stories: Readonly<Record<string, Story>> = {
  'a sync of everything': {
    begin: ({ services }) => services.runner.request({ scope: everything, trigger: 'user' }),
    isOver: isIdle,
    async check(background) {
      expect(await texts(background, friends)).toEqual(['two', 'one']);
      expect(await texts(background, stranger)).toEqual([]);
      const all = await runs(background);
      expect(all.filter(({ state }) => state === 'complete').length).toBeGreaterThan(0);
      // One that was interrupted is completed by another, and none is left running.
      for (const run of all) expect(['complete', 'interrupted']).toContain(run.state);
      const completed = all.map(({ completes }) => completes);
      for (const run of all) if (run.state === 'interrupted') expect(completed).toContain(run.id);
    },
  },
  'a message': {
    async begin(background) {
      await syncFirst(background);
      await background.services.outbox.add(friends, 'mine');
    },
    isOver: async (background) =>
      (await isIdle(background)) &&
      (await background.reader.outbox(friends)).length === 0 &&
      (await texts(background, friends)).includes('mine'),
    async check(background) {
      expect(await texts(background, friends)).toEqual(['mine', 'two', 'one']);
      expect([...browser.xmtp.published.values()]).toHaveLength(1);
    },
  },
  'an acceptance': {
    async begin(background) {
      await syncFirst(background);
      await background.services.consent.set(stranger, 'allowed');
    },
    isOver: async (background) =>
      (await isIdle(background)) && (await texts(background, stranger)).length > 0,
    async check() {
      expect(browser.xmtp.consentOf(stranger)).toBe('allowed');
    },
  },
  'a denial': {
    async begin(background) {
      await syncFirst(background);
      await background.services.consent.set(friends, 'denied');
    },
    isOver: async (background) =>
      (await isIdle(background)) && browser.xmtp.consentOf(friends) === 'denied',
    async check(background) {
      expect(await texts(background, friends)).toEqual([]);
      expect(await background.reader.conversation(friends)).toMatchObject({ consent: 'denied' });
    },
  },
  'a rebuild of the store': {
    async begin(background) {
      await syncFirst(background);
      await background.services.databaseCare.rebuild();
    },
    isOver: async (background) =>
      (await isIdle(background)) && (await background.reader.rebuild())?.state === 'complete',
    async check(background) {
      expect(await texts(background, friends)).toEqual(['two', 'one']);
    },
  },
};

/** What the person had asked for is in the store: if not, nothing was promised. */
async function isAsked(story: string, background: Background): Promise<boolean> {
  const { owned } = background.services.store;
  switch (story) {
    case 'a message':
      return (await owned.outbox.all()).length > 0 || browser.xmtp.published.size > 0;
    case 'an acceptance':
      return (
        (await owned.consentIntents.all()).length > 0 ||
        browser.xmtp.consentOf(stranger) === 'allowed'
      );
    case 'a denial':
      return (
        (await owned.consentIntents.all()).length > 0 ||
        browser.xmtp.consentOf(friends) === 'denied'
      );
    case 'a rebuild of the store':
      return (await owned.rebuild.read()) !== null;
    default:
      return (await runs(background)).length > 0;
  }
}

describe.each(Object.entries(stories))('%s', (name, { begin, isOver, check }) => {
  test('is told to its end by one process', async () => {
    const background = await browser.start();
    await begin(background);
    await untilOrDead(background, () => isOver(background));
    await check(background);
    expect(background.commits.length).toBeGreaterThan(3);
    background.kill();
  });

  test('ends the same when the process dies after any commit', async () => {
    let deaths = 0;
    for (let diesAfter = 1; ; diesAfter++) {
      browser = new TestBrowser();
      await browser.signIn();
      friends = browser.xmtp.invite('friends', 'allowed');
      stranger = browser.xmtp.invite('stranger', 'unknown');
      for (const text of ['one', 'two']) browser.xmtp.write(friends, text);
      browser.xmtp.write(stranger, 'spam');

      const first = await browser.start({ diesAfter });
      void begin(first).catch(() => undefined);
      await untilOrDead(first, () => isOver(first));
      const died = first.isDead;
      first.kill();
      if (!died) break;
      deaths++;

      const next = await browser.start();
      await resumeWork(next.services);
      if (!(await isAsked(name, next))) await begin(next);
      await untilOrDead(next, () => isOver(next));
      await check(next);
      next.kill();
    }
    expect(deaths).toBeGreaterThan(3);
  }, 60_000);
});
