/** Syncs with nothing new, which is what most of them are; and waking from nothing for one. */
import { inboxOf } from '../fixture/inbox.ts';
import type { Row } from '../report/row.ts';
import { copyState, withSession, workState, type Session } from '../session.ts';
import { networkIsQuiet, progress, progressEnd, rotated, type Suite } from './suite.ts';

const quiet = { readable: null, shown: null } as const;
/** Short samples are cheap, and the machine's noise is as long as they are. */
const samplesPerRepeat = 4;
/** Longer than a suite takes: the engine stays open between its samples. */
const idleForever = 60 * 60;

interface Samples {
  readonly lockstep: number[];
  readonly engine: number[];
  readonly sdk: number[];
  readonly bindings: number[];
  readonly calls: number[];
  readonly bindingsCalls: number[];
  readonly commits: number[];
  readonly wake: number[];
  readonly unopened: number[];
  readonly engines: number[];
  readonly memoryOpen: number[];
  readonly memoryClosed: number[];
}

export const nothingNew: Suite = {
  name: 'nothing-new',
  needsBrowser: true,
  async run({ browser, options }) {
    const rows: Row[] = [];
    for (const size of options.sizes ?? [50, 500]) {
      const inbox = await inboxOf(browser, size, 'synced');
      await copyState(inbox.state, workState());
      const samples: Samples = {
        ...{
          lockstep: [],
          engine: [],
          sdk: [],
          bindings: [],
          calls: [],
          bindingsCalls: [],
          commits: [],
        },
        ...{ wake: [], unopened: [], engines: [], memoryOpen: [], memoryClosed: [] },
      };
      await withSession(browser, workState(), async (session) => {
        await session.lockstep('setIdleClose', { seconds: idleForever });
        const [sdk, bindings] = [await session.enter('sdk'), await session.enter('bindings')];
        await sdk('open', inbox.persons.sdk);
        await bindings('open', inbox.persons.bindings);
        // Whatever opening a client sends on its own is over after a first round.
        await syncEverybody(session, { sdk, bindings }, 0, null);
        await networkIsQuiet(session.network);
        for (let turn = 0; turn < options.repeat * samplesPerRepeat; turn++) {
          progress(`nothing new in ${size} in ${browser}, ${turn + 1}`);
          await syncEverybody(session, { sdk, bindings }, turn, samples);
        }
        await session.leave();
        for (let turn = 0; turn < options.repeat; turn++) await wakeOnce(session, samples);
      });
      progressEnd();
      rows.push(...report(browser, size, samples));
    }
    return rows;
  },
};

type Contestants = Readonly<Record<'sdk' | 'bindings', Awaited<ReturnType<Session['enter']>>>>;

async function syncEverybody(
  { lockstep, network }: Session,
  contestants: Contestants,
  turn: number,
  samples: Samples | null,
): Promise<void> {
  for (const name of rotated(['lockstep', 'sdk', 'bindings'] as const, turn)) {
    if (name === 'lockstep') {
      const { output, calls } = await network.callsDuring(() => lockstep('sync', quiet));
      samples?.lockstep.push(output.ended);
      samples?.engine.push(output.steps.syncing ?? Number.NaN);
      samples?.calls.push(calls);
      samples?.commits.push(output.otherCommits);
    } else {
      const { output, calls } = await network.callsDuring(() => contestants[name]('sync', null));
      samples?.[name].push(output);
      if (name === 'bindings') samples?.bindingsCalls.push(calls);
    }
  }
}

/**
 * Nothing runs; open, sync, close; nothing runs again. Then as periodic mode does it after a sync that found
 * nothing: it asks the same again.
 */
async function wakeOnce({ lockstep, browser }: Session, samples: Samples): Promise<void> {
  await lockstep('sync', quiet);
  samples.memoryOpen.push(megabytes(await browser.memory()));
  await lockstep('drop', null);
  const { ended } = await lockstep('sync', quiet);
  samples.wake.push(ended + (await lockstep('drop', null)));
  samples.unopened.push(await ringUnopened(lockstep));
  const { worker, offscreenDocument } = await lockstep('engine', null);
  samples.engines.push(Number(worker) + Number(offscreenDocument));
  samples.memoryClosed.push(megabytes(await browser.memory()));
}

/**
 * At times libxmtp writes what it writes at its start after our sync has begun, and then nobody vouches for
 * the database: that wake opens it.
 */
async function ringUnopened(lockstep: Session['lockstep']): Promise<number> {
  for (let tries = 0; tries < 10; tries++) {
    const { took, opened } = await lockstep('ring', null);
    if (!opened) return took;
    await lockstep('sync', quiet);
    await lockstep('drop', null);
  }
  throw new Error('the database was opened each time');
}

const megabytes = (bytes: number | null) => (bytes === null ? Number.NaN : bytes / 2 ** 20);

function report(browser: string, size: number, samples: Samples): Row[] {
  const base = { suite: 'nothing-new', browser, load: `${size} conversations` };
  return [
    {
      ...base,
      what: 'sync with nothing new',
      unit: 'ms',
      series: [
        { name: 'Lockstep', values: samples.lockstep },
        { name: 'its sync step', values: samples.engine },
        { name: 'SDK', values: samples.sdk },
        { name: 'bindings', values: samples.bindings },
      ],
      targets: [{ kind: 'ratio', of: 'its sync step', to: 'bindings', atMost: 1.1 }],
    },
    {
      ...base,
      what: 'sync with nothing new: network calls',
      unit: 'calls',
      series: [
        { name: 'Lockstep', values: samples.calls },
        { name: 'bindings', values: samples.bindingsCalls },
      ],
      // libxmtp asks for the newest messages of a thousand conversations in one call.
      targets: [{ kind: 'value', of: 'Lockstep', atMost: size < 1000 ? 2 : 3 }],
    },
    {
      ...base,
      what: "sync with nothing new: commits beside the run's record",
      unit: 'commits',
      series: [{ name: 'Lockstep', values: samples.commits }],
      targets: [{ kind: 'value', of: 'Lockstep', atMost: 0 }],
    },
    {
      ...base,
      what: 'wake from nothing: open, sync with nothing new, close',
      unit: 'ms',
      series: [{ name: 'Lockstep', values: samples.wake }],
      targets: browser === 'chromium' ? [{ kind: 'value', of: 'Lockstep', atMost: 250 }] : [],
    },
    {
      ...base,
      what: 'the same by the alarm, after a sync that found nothing: freshness probe, nothing opened',
      unit: 'ms',
      series: [{ name: 'Lockstep', values: samples.unopened }],
      targets: [],
    },
    {
      ...base,
      what: 'between periodic syncs: engines that run',
      unit: 'engines',
      series: [{ name: 'Lockstep', values: samples.engines }],
      targets: [{ kind: 'value', of: 'Lockstep', atMost: 0 }],
    },
    {
      ...base,
      what: "the whole browser's memory",
      unit: 'MB',
      series: [
        { name: 'engine open', values: samples.memoryOpen },
        { name: 'closed', values: samples.memoryClosed },
      ],
      targets: [],
    },
  ];
}
