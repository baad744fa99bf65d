/**
 * From asking for history to having it, with an installation online that answers. Every repetition is a
 * new installation in a fresh browser profile, and one of another inbox of the same size for the SDK.
 */
import { rm } from 'node:fs/promises';
import { makeHouseholds } from '../fixture/households.ts';
import { startNetwork } from '../network-process.ts';
import type { HistoryQuery, Person } from '../pages/protocol.ts';
import { hosts } from '../ports.ts';
import type { Row } from '../report/row.ts';
import { withBrowser, workState, type Session } from '../session.ts';
import { progress, progressEnd, rotated, type Suite } from './suite.ts';

interface Samples {
  readonly lockstep: number[];
  readonly sdk: number[];
}

/** More installations an inbox cannot have (docs/libxmtp.md#public-limits), and one of them answers. */
const mostRepetitions = 9;

export const history: Suite = {
  name: 'history',
  needsBrowser: true,
  async run({ browser, options }) {
    const rows: Row[] = [];
    for (const size of options.sizes ?? [50, 200]) {
      const samples: Samples = { lockstep: [], sdk: [] };
      const state = workState();
      await rm(state.network, { recursive: true, force: true });
      const network = await startNetwork(state.network);
      try {
        progress(`history of ${size}: making it`);
        const households = await makeHouseholds(hosts, size);
        const { messages } = households;
        const query = { conversations: size, messages, history: hosts.history };
        const [ours, theirs] = [households.ours, households.theirs].map(
          ({ privateKey }): Person => ({
            ...hosts,
            privateKey: Buffer.from(privateKey).toString('hex'),
          }),
        );
        for (let turn = 0; turn < Math.min(options.repeat, mostRepetitions); turn++) {
          progress(`history of ${size} in ${browser}, ${turn + 1} of ${options.repeat}`);
          await rm(state.profile, { recursive: true, force: true });
          await withBrowser(browser, state.profile, network, (session) =>
            once(session, { ours: ours!, theirs: theirs! }, query, turn, samples),
          );
        }
        await households.stop();
      } finally {
        await network.stop();
      }
      progressEnd();
      rows.push({
        suite: 'history',
        browser,
        what: 'history, from the request until it is imported',
        load: `${size} conversations, ${size * 20} messages`,
        unit: 'ms',
        series: [
          { name: 'Lockstep', values: samples.lockstep },
          { name: 'SDK', values: samples.sdk },
        ],
        targets: [],
      });
    }
    return rows;
  },
};

async function once(
  { lockstep, enter, leave }: Session,
  people: { readonly ours: Person; readonly theirs: Person },
  query: HistoryQuery,
  turn: number,
  samples: Samples,
): Promise<void> {
  for (const name of rotated(['lockstep', 'sdk'] as const, turn)) {
    if (name === 'lockstep') {
      await lockstep('setUp', people.ours);
      samples.lockstep.push(await lockstep('requestHistory', query));
      await lockstep('drop', null);
    } else {
      const sdk = await enter('sdk');
      await sdk('register', people.theirs);
      samples.sdk.push(await sdk('requestHistory', query));
      await sdk('close', null);
      await leave();
    }
  }
}
