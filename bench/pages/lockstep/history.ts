/** A request for history by Lockstep's own command, timed by what its store says. */
import type { SendCommand } from '../../../src/shared/command-client.ts';
import { defaultHistoryOptions, usualPatience } from '../../../src/shared/history.ts';
import type { StoreReader } from '../../../src/store/reader.ts';
import type { HistoryQuery } from '../protocol.ts';
import { countStored } from './stored.ts';

export async function requestHistory(
  send: SendCommand,
  reader: StoreReader,
  { conversations, messages, history }: HistoryQuery,
): Promise<number> {
  const start = performance.now();
  let settle: (at: number) => void = () => undefined;
  let fail: (reason: Error) => void = () => undefined;
  const imported = new Promise<number>((resolve, reject) => {
    settle = resolve;
    fail = reject;
  });
  const look = async () => {
    const at = performance.now();
    const [request] = await reader.historyRequests({ limit: 1 });
    if (request === undefined) return;
    const { state } = request;
    if (state.kind === 'imported') settle(at);
    else if (state.kind !== 'sending' && state.kind !== 'sent' && state.kind !== 'importing') {
      fail(new Error(`the request ended ${JSON.stringify(state)}`));
    }
  };
  const stop = reader.subscribe(({ topics }) => {
    if (topics.includes('history')) void look();
  });
  try {
    await send('requestHistory', {
      options: defaultHistoryOptions,
      serverUrl: history,
      patience: usualPatience,
    });
    const took = (await imported) - start;
    const stored = await countStored(reader);
    if (stored.conversations < conversations || stored.messages < messages) {
      throw new Error(`imported only ${JSON.stringify(stored)}`);
    }
    return took;
  } finally {
    stop();
  }
}
