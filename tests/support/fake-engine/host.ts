/** Workers of the fake engine behind the real link: a real port, a real end. */
import type { EngineHost } from '../../../src/background/connection/engine-host.ts';
import type { EngineEvent, EngineOperations } from '../../../src/shared/engine-protocol.ts';
import { serveRpc } from '../../../src/shared/rpc.ts';
import { createFakeEngine, type FakeEngine, type FakeSyncGroups } from './engine.ts';
import type { FakeXmtp } from './xmtp.ts';

export interface FakeHost extends EngineHost {
  /** The newest worker; null before the first. */
  readonly engine: FakeEngine | null;
  /** How many workers were started. */
  readonly started: number;
  /** Set before a worker starts: prepares it. */
  onStart: (engine: FakeEngine) => void;
  /** Ends the newest worker suddenly. */
  kill(): void;
  emit(event: EngineEvent): void;
}

export function createFakeHost(xmtp: FakeXmtp, syncGroups: FakeSyncGroups): FakeHost {
  let end: () => void = () => undefined;
  let ended: Promise<void> = Promise.resolve();
  let emit: (event: EngineEvent) => void = () => undefined;
  const host = {
    engine: null as FakeEngine | null,
    started: 0,
    onStart: (() => undefined) as (engine: FakeEngine) => void,
    kill: () => end(),
    emit: (event: EngineEvent) => emit(event),
    async connect() {
      end();
      host.started++;
      const { port1, port2 } = new MessageChannel();
      ended = new Promise((resolve) => {
        end = () => {
          port2.close();
          resolve();
        };
      });
      const mine = end;
      const engine = createFakeEngine(xmtp, syncGroups, (event) => emit(event));
      host.engine = engine;
      host.onStart(engine);
      const server = serveRpc<EngineOperations, EngineEvent>(port2, {
        ...engine.handlers,
        close: async (input) => {
          const answer = await engine.handlers.close(input);
          setTimeout(mine, 0);
          return answer;
        },
      });
      emit = (event) => server.emit(event);
      emit({ type: 'alive' });
      return { port: port1, fresh: true };
    },
    gone: () => ended,
    release: async () => undefined,
    terminate: async () => end(),
  };
  return host;
}
