/** Three conversations changed: how long until a person sees it. */
import { inboxOf, type Inbox } from '../fixture/inbox.ts';
import { play } from '../fixture/tape.ts';
import type { Row } from '../report/row.ts';
import { copyState, withSession, workState, type Session } from '../session.ts';
import { networkIsQuiet, progress, progressEnd, rotated, type Suite } from './suite.ts';

const latest = 10;
const idleForever = 60 * 60;

interface Samples {
  readonly shown: number[];
  readonly reading: number[];
  readonly storing: number[];
  readonly sync: number[];
  readonly withAll: number[];
  readonly withLatest: number[];
}

export const changed: Suite = {
  name: 'changed',
  needsBrowser: true,
  async run({ browser, options }) {
    const rows: Row[] = [];
    for (const size of options.sizes ?? [500]) {
      const inbox = await inboxOf(browser, size, 'synced');
      await copyState(inbox.state, workState());
      const samples: Samples = {
        ...{ shown: [], reading: [], storing: [] },
        ...{ sync: [], withAll: [], withLatest: [] },
      };
      await withSession(browser, workState(), async (session) => {
        await session.lockstep('setIdleClose', { seconds: idleForever });
        const sdk = await session.enter('sdk');
        await sdk('open', inbox.persons.sdk);
        await sdk('sync', null);
        await session.lockstep('sync', { readable: null, shown: null });
        await networkIsQuiet(session.network);
        await session.lockstep('openPopup', null);
        // The first round warms everybody up and is not counted.
        const rounds = inbox.rounds.slice(0, options.repeat + 1);
        for (const [turn, round] of rounds.entries()) {
          progress(`3 changed of ${size} in ${browser}, ${turn} of ${options.repeat}`);
          await play(round);
          await once(session, sdk, round, turn, turn === 0 ? null : samples);
        }
      });
      progressEnd();
      rows.push(report(browser, size, samples), ...details(browser, size, samples));
    }
    return rows;
  },
};

async function once(
  { lockstep }: Session,
  sdk: Awaited<ReturnType<Session['enter']>>,
  { conversationIds }: Inbox['rounds'][number],
  turn: number,
  samples: Samples | null,
): Promise<void> {
  for (const name of rotated(['lockstep', 'sdk'] as const, turn)) {
    if (name === 'lockstep') {
      const timeline = await lockstep('sync', { readable: null, shown: conversationIds.lockstep });
      samples?.shown.push(timeline.shown ?? Number.NaN);
      samples?.reading.push(timeline.steps.reading ?? Number.NaN);
      samples?.storing.push(timeline.steps.storing ?? Number.NaN);
    } else {
      const sync = await sdk('sync', null);
      const all = await sdk('read', { conversations: Number.MAX_SAFE_INTEGER });
      const ten = await sdk('read', { conversations: latest });
      samples?.sync.push(sync);
      samples?.withAll.push(sync + all);
      samples?.withLatest.push(sync + ten);
    }
  }
}

const baseOf = (browser: string, size: number) =>
  ({ suite: 'changed', browser, load: `3 of ${size} conversations`, unit: 'ms' }) as const;

function report(browser: string, size: number, samples: Samples): Row {
  return {
    ...baseOf(browser, size),
    what: 'sync with 3 changed, until painted in the popup',
    series: [
      { name: 'Lockstep', values: samples.shown },
      { name: 'SDK sync', values: samples.sync },
      { name: 'SDK sync and full reading', values: samples.withAll },
      { name: 'SDK sync and latest ten', values: samples.withLatest },
    ],
    targets: [
      { kind: 'ratio', of: 'Lockstep', to: 'SDK sync and full reading', atMost: 0.25 },
      { kind: 'ratio', of: 'Lockstep', to: 'SDK sync and latest ten', atMost: 0.9 },
    ],
  };
}

function details(browser: string, size: number, samples: Samples): Row[] {
  return [
    {
      ...baseOf(browser, size),
      what: "sync with 3 changed: the engine's delta",
      series: [{ name: 'Lockstep', values: samples.reading }],
      targets: [{ kind: 'value', of: 'Lockstep', atMost: 15 }],
    },
    {
      ...baseOf(browser, size),
      what: "sync with 3 changed: the store's part",
      series: [{ name: 'Lockstep', values: samples.storing }],
      targets: [{ kind: 'value', of: 'Lockstep', atMost: 15 }],
    },
  ];
}
