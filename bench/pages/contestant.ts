/** What every contestant does alike; each brings its own client. */
import type { HandlersOf } from './agent.ts';
import { paintRows, type Row } from './rows.ts';
import type { ContestantActions, Person } from './protocol.ts';

export interface ContestantClient {
  allow(conversationIds: readonly string[]): Promise<void>;
  sync(): Promise<void>;
  read(conversations: number): Promise<void>;
  rows(count: number): Promise<readonly Row[]>;
  count(): Promise<{ readonly conversations: number; readonly messages: number }>;
  close(): Promise<void>;
}

export interface Contestant {
  register(person: Person): Promise<ContestantClient>;
  open(person: Person): Promise<ContestantClient>;
}

/** A first sync that is still short of messages after so many rounds never gets them. */
const mostRounds = 20;

/** What every contestant's page can be told to do. */
export function handlersOf(contestant: Contestant): HandlersOf<ContestantActions> {
  const loaded = performance.now();
  let client: ContestantClient | null = null;
  const current = () => {
    if (client === null) throw new Error('no client is open');
    return client;
  };
  const close = async () => {
    await client?.close();
    client = null;
  };
  return {
    async register(person) {
      client = await contestant.register(person);
      await client.sync();
      return null;
    },
    async allow({ conversationIds }) {
      await current().allow(conversationIds);
      return null;
    },
    open: (person) =>
      timed(async () => {
        client = await contestant.open(person);
      }),
    sync: () => timed(() => current().sync()),
    async syncUntil({ messages }) {
      let rounds = 0;
      const took = await timed(async () => {
        while ((await current().count()).messages < messages) {
          if (rounds++ === mostRounds) {
            throw new Error(`only ${JSON.stringify(await current().count())} of ${messages}`);
          }
          await current().sync();
        }
      });
      return { took, rounds };
    },
    read: ({ conversations }) => timed(() => current().read(conversations)),
    count: () => current().count(),
    async show(person) {
      const took = await timed(async () => {
        client = await contestant.open(person);
        await paintRows(await client.rows(50));
      });
      return loaded + took;
    },
    async close() {
      await close();
      return null;
    },
  };
}

export async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
