/** `@xmtp/wasm-bindings` with as little around them as works: one worker, one message a step. */
import { serve } from '../agent.ts';
import { handlersOf, type ContestantClient } from '../contestant.ts';
import type { Person } from '../protocol.ts';
import type { Row } from '../rows.ts';
import type { BindingsAnswer, BindingsRequest } from './worker.ts';

function startWorker() {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  let settle: ((answer: BindingsAnswer) => void) | null = null;
  worker.onmessage = ({ data }: MessageEvent<BindingsAnswer>) => settle?.(data);
  return {
    async ask(request: BindingsRequest): Promise<unknown> {
      const answer = await new Promise<BindingsAnswer>((resolve) => {
        settle = resolve;
        worker.postMessage(request);
      });
      if (!answer.ok) throw new Error(answer.error);
      return answer.output;
    },
    end: () => worker.terminate(),
  };
}

async function start(step: 'register' | 'open', person: Person): Promise<ContestantClient> {
  const worker = startWorker();
  await worker.ask({ step, person });
  return {
    allow: async (conversationIds) => void (await worker.ask({ step: 'allow', conversationIds })),
    sync: async () => void (await worker.ask({ step: 'sync' })),
    read: async (conversations) => void (await worker.ask({ step: 'read', conversations })),
    rows: async (count) => (await worker.ask({ step: 'rows', count })) as readonly Row[],
    count: async () =>
      (await worker.ask({ step: 'count' })) as { conversations: number; messages: number },
    async close() {
      await worker.ask({ step: 'close' });
      worker.end();
    },
  };
}

void serve(
  location.origin,
  'bindings',
  handlersOf({
    register: (person) => start('register', person),
    open: (person) => start('open', person),
  }),
);
