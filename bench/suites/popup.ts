/** From opening the popup to fifty painted rows, against an app on the official SDK that does the same. */
import { filledInbox } from '../fixture/filled.ts';
import { inboxOf } from '../fixture/inbox.ts';
import type { PopupOpening } from '../pages/protocol.ts';
import type { Row } from '../report/row.ts';
import { copyState, withSession, workState, type Session } from '../session.ts';
import { progress, progressEnd, rotated, type Suite } from './suite.ts';

const large = 10_000;
const small = 100;
const messagesEach = 20;
/** Short samples are cheap, and the noise of the machine is as long as they are. */
const openingsPerRepeat = 5;

interface Samples {
  readonly lockstep: PopupOpening[];
  readonly still: PopupOpening[];
  readonly sdk: number[];
}

export const popup: Suite = {
  name: 'popup',
  needsBrowser: true,
  async run({ browser, options }) {
    // The SDK has an inbox of this size: as many as Lockstep's it would sync for an hour.
    const beside = options.sizes?.[0] ?? 50;
    const { persons } = await inboxOf(browser, beside, 'synced');
    const measured = new Map<number, Samples>();
    for (const conversations of [small, large]) {
      const state = await filledInbox(browser, { conversations, messagesEach, beside });
      await copyState(state, workState());
      const samples: Samples = { lockstep: [], still: [], sdk: [] };
      measured.set(conversations, samples);
      await withSession(browser, workState(), async (session) => {
        await openOnce(session, 'openPopup');
        for (let turn = 0; turn < options.repeat * openingsPerRepeat; turn++) {
          progress(`popup with ${conversations} in ${browser}, ${turn + 1}`);
          for (const name of rotated(['lockstep', 'still', 'sdk'] as const, turn)) {
            if (name === 'lockstep') samples.lockstep.push(await openOnce(session, 'openPopup'));
            else if (name === 'still') samples.still.push(await openOnce(session, 'openStill'));
            else {
              const sdk = await session.enter('sdk');
              samples.sdk.push(await sdk('show', persons.sdk));
              await sdk('close', null);
              await session.leave();
            }
          }
        }
      });
      progressEnd();
    }
    return report(browser, beside, measured.get(small)!, measured.get(large)!);
  },
};

async function openOnce(
  { lockstep }: Session,
  what: 'openPopup' | 'openStill',
): Promise<PopupOpening> {
  const opening = await lockstep(what, null);
  await lockstep('closePopup', null);
  if (opening.rows < 50) throw new Error(`only ${opening.rows} rows were painted`);
  return opening;
}

function report(browser: string, beside: number, few: Samples, many: Samples): Row[] {
  const base = {
    suite: 'popup',
    browser,
    load: `${large.toLocaleString('en')} conversations, 200,000 messages`,
    unit: 'ms',
  } as const;
  const own = (openings: readonly PopupOpening[]) =>
    openings.map(({ scriptStart, rowsPainted }) => rowsPainted - scriptStart);
  const painted = (openings: readonly PopupOpening[]) =>
    openings.map(({ rowsPainted }) => rowsPainted);
  return [
    {
      ...base,
      what: 'popup, from opening to 50 rows painted',
      series: [
        { name: 'Lockstep', values: painted(many.lockstep) },
        { name: 'its rows as bare markup', values: painted(many.still) },
        { name: `SDK with ${beside}`, values: many.sdk },
      ],
      targets: [{ kind: 'ratio', of: 'Lockstep', to: `SDK with ${beside}`, atMost: 0.25 }],
    },
    {
      ...base,
      what: 'popup, our own part: script start to rows painted',
      series: [
        { name: 'Lockstep', values: own(many.lockstep) },
        { name: `with ${small} conversations`, values: own(few.lockstep) },
        { name: 'its rows as bare markup', values: own(many.still) },
      ],
      targets: [
        { kind: 'value', of: 'Lockstep', atMost: 20 },
        { kind: 'ratio', of: 'Lockstep', to: `with ${small} conversations`, atMost: 1.2 },
      ],
    },
  ];
}
