/** The page's side: asks for the next action, does it, posts what came of it. */
import type { ActionsOf, AgentName, Answer, Command } from './protocol.ts';

export type HandlersOf<Actions> = {
  readonly [Name in keyof Actions]: Actions[Name] extends {
    readonly input: infer Input;
    readonly output: infer Output;
  }
    ? (input: Input) => Promise<Output>
    : never;
};

/** Never returns while the page lives. A collector that is gone ends it. */
export async function serve<Name extends AgentName>(
  collector: string,
  name: Name,
  handlers: HandlersOf<ActionsOf[Name]>,
): Promise<void> {
  // Whoever opened this page more than once tells the visits apart.
  const visit = new URLSearchParams(location.search).get('visit') ?? '0';
  for (;;) {
    const response = await fetch(`${collector}/next?agent=${name}&visit=${visit}`);
    const command = (await response.json()) as Command;
    const answer = await carryOut(command, handlers);
    await fetch(`${collector}/answer`, { method: 'POST', body: JSON.stringify(answer) });
  }
}

type Loose = Readonly<Record<string, (input: unknown) => Promise<unknown>>>;

async function carryOut({ id, action, input }: Command, handlers: Loose): Promise<Answer> {
  try {
    const handler = handlers[action];
    if (handler === undefined) throw new Error(`no action ${action}`);
    return { id, ok: true, output: await handler(input) };
  } catch (error) {
    const text = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
    return { id, ok: false, error: `${action}: ${text}` };
  }
}

/** Settles in the first task after the next frame was painted. */
export function painted(view: Window = window): Promise<void> {
  return new Promise((resolve) => {
    view.requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });
  });
}
