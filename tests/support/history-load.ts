/**
 * A large history that goes from a phone to Lockstep: how long it takes, what a person sees meanwhile,
 * and whether both sides have the same afterwards. Used by a test and by `npm run history`.
 */
import { ConsentState, GroupMessageKind, type ConversationListItem } from '@xmtp/wasm-bindings';
import { startLocalNetwork } from '../../network/index.ts';
import type { Peer } from '../../network/population/peer.ts';
import { populate } from '../../network/population/population.ts';
import { launch, type BrowserName } from './driver/driver.ts';
import { online } from './faults/online.ts';
import { until } from './until.ts';

export interface HistoryLoadOptions {
  readonly browser: BrowserName;
  readonly conversations: number;
  /** In each conversation. */
  readonly messages: number;
  readonly onProgress?: (line: string) => void;
}

export interface HistoryLoad {
  /** Messages that people wrote, by conversation. */
  readonly there: ReadonlyMap<string, number>;
  readonly here: ReadonlyMap<string, number>;
  /** What was said while it was imported, in order. */
  readonly said: readonly string[];
  /** From the question to the end, in milliseconds. */
  readonly took: number;
  /** The longest time that the open page took to answer, in milliseconds. */
  readonly slowestAnswer: number;
}

export async function loadHistory(options: HistoryLoadOptions): Promise<HistoryLoad> {
  const { conversations, messages, onProgress = () => undefined } = options;
  const network = await startLocalNetwork();
  const hosts = { node: network.addresses.grpcWeb, history: network.addresses.history };
  const script = { conversations, strangers: 0, messages, seed: 7 };
  const { phone } = await populate({ ...hosts, ...script, control: network.control, onProgress });
  const driver = await launch(options.browser, { hosts });
  try {
    await driver.createAccount({ privateKey: Buffer.from(phone.privateKey).toString('hex') });
    await driver.setInterval(null);
    const answering = online(() => phone.client.device_sync().syncAllDeviceSyncGroups());
    onProgress('Lockstep asks.');
    const asked = performance.now();
    const { id } = await driver.requestHistory();
    const page = await driver.browser.newPage();
    await page.goto('popup/index.html#/history');
    const said: string[] = [];
    let slowestAnswer = 0;
    await until(
      'the history to be imported',
      async () => {
        const before = performance.now();
        const { state, soFar } = await page.evaluate(readImport, id);
        slowestAnswer = Math.max(slowestAnswer, performance.now() - before);
        if (soFar !== null && said.at(-1) !== soFar) {
          said.push(soFar);
          onProgress(`${Math.round((performance.now() - asked) / 1000)} s: ${soFar}`);
        }
        return state === 'imported';
      },
      600_000,
    );
    const took = performance.now() - asked;
    await answering.stop();
    // What came with it is followed by a sync of everything.
    const [run] = await driver.runs();
    if (run !== undefined) await driver.ended(run.id);
    const here = new Map(await page.evaluate(countWritten));
    return { there: await countThere(phone), here, said, took, slowestAnswer };
  } finally {
    await driver.close();
    await network.stop();
  }
}

async function countThere({ client }: Peer): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const items = client
    .conversations()
    .list({ consentStates: [ConsentState.Allowed] }) as ConversationListItem[];
  for (const { conversation } of items) {
    const count = await conversation.countMessages({ kind: GroupMessageKind.Application });
    counts.set(conversation.id(), Number(count));
  }
  return counts;
}

function readImport(id: string): { state: string | undefined; soFar: string | null } {
  const request = document.querySelector<HTMLElement>(`[data-request-id="${id}"]`);
  const soFar = request?.querySelector('[data-testid=import-so-far]')?.textContent ?? null;
  return { state: request?.dataset['state'], soFar };
}

/** From the store itself: opening a thousand conversations would take longer than everything else. */
async function countWritten(): Promise<[string, number][]> {
  const settled = <Value>(request: IDBRequest<Value>) =>
    new Promise<Value>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
    });
  const [derived] = (await indexedDB.databases()).filter((database) =>
    database.name?.startsWith('lockstep-derived-'),
  );
  const database = await settled(indexedDB.open(derived?.name ?? ''));
  const messages = (await settled(
    database.transaction('messages').objectStore('messages').getAll(),
  )) as { readonly conversationId: string; readonly content: { readonly type: string } }[];
  database.close();
  const counts = new Map<string, number>();
  for (const { conversationId, content } of messages) {
    if (content.type === 'group-change') continue;
    counts.set(conversationId, (counts.get(conversationId) ?? 0) + 1);
  }
  return [...counts];
}
