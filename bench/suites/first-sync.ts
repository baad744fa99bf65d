/**
 * A first sync of inboxes that were filled while nobody looked. Every repetition starts from the same
 * saved browser profile and network, so each is a first one.
 */
import { inboxOf, type Inbox } from '../fixture/inbox.ts';
import type { RunTimeline } from '../pages/protocol.ts';
import type { Row } from '../report/row.ts';
import { copyState, withSession, workState, type Session } from '../session.ts';
import { progress, progressEnd, rotated, type Suite, type SuiteContext } from './suite.ts';

/** What a popup shows first. */
const recentConversations = 20;
const messagesEach = 20;

interface Samples {
  readonly lockstep: RunTimeline[];
  readonly sdk: number[];
  readonly bindings: number[];
}

export const firstSync: Suite = {
  name: 'first-sync',
  needsBrowser: true,
  async run({ browser, options }) {
    // Firefox takes about twenty seconds for a thousand messages.
    const sizes = options.sizes ?? (browser === 'chromium' ? [50, 200] : [50]);
    const rows: Row[] = [];
    for (const size of sizes) {
      const inbox = await inboxOf(browser, size, 'fresh');
      const samples: Samples = { lockstep: [], sdk: [], bindings: [] };
      for (let turn = 0; turn < options.repeat; turn++) {
        progress(`first sync of ${size} in ${browser}, ${turn + 1} of ${options.repeat}`);
        await copyState(inbox.state, workState());
        await withSession(browser, workState(), (session) => once(session, inbox, turn, samples));
      }
      progressEnd();
      rows.push(...report(browser, size, samples));
    }
    return rows;
  },
};

async function once(session: Session, inbox: Inbox, turn: number, samples: Samples) {
  for (const name of rotated(['lockstep', 'sdk', 'bindings'] as const, turn)) {
    if (name === 'lockstep') {
      const readable = { conversations: recentConversations, messages: messagesEach };
      const timeline = await session.lockstep('sync', { readable, shown: null });
      if (timeline.newMessages < inbox.messages) {
        throw new Error(`Lockstep stored ${timeline.newMessages} of ${inbox.messages} messages`);
      }
      samples.lockstep.push(timeline);
      await session.lockstep('drop', null);
    } else {
      const contestant = await session.enter(name);
      await contestant('open', inbox.persons[name]);
      const { took } = await contestant('syncUntil', { messages: inbox.messages });
      samples[name].push(took);
      await contestant('close', null);
      await session.leave();
    }
  }
}

function report(
  browser: SuiteContext['browser'],
  size: number,
  { lockstep, sdk, bindings }: Samples,
): Row[] {
  const base = { suite: 'first-sync', browser, load: `${size} conversations`, unit: 'ms' } as const;
  const whole = lockstep.map(({ ended }) => ended);
  return [
    {
      ...base,
      what: 'first sync, until all messages are in the store',
      series: [
        { name: 'Lockstep', values: whole },
        { name: 'SDK', values: sdk },
        { name: 'bindings', values: bindings },
      ],
      targets: [
        { kind: 'ratio', of: 'Lockstep', to: 'SDK', atMost: browser === 'chromium' ? 0.85 : 0.4 },
      ],
    },
    {
      ...base,
      what: 'first sync, until the 20 most recent conversations are readable',
      series: [
        { name: 'Lockstep', values: lockstep.map(({ readable, ended }) => readable ?? ended) },
        { name: 'whole', values: whole },
      ],
      targets: [{ kind: 'ratio', of: 'Lockstep', to: 'whole', atMost: 0.25 }],
    },
    {
      ...base,
      what: 'first sync, by step',
      series: (
        ['opening', 'joining', 'recent', 'syncing', 'reading', 'storing', 'checking'] as const
      ).map((name) => ({
        name,
        values: lockstep.map(({ steps }) => steps[name] ?? 0),
      })),
      targets: [],
    },
  ];
}
