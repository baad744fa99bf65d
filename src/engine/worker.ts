/**
 * The engine's worker: the only context with libxmtp. It loads libxmtp and does nothing else until its
 * host hands it a port, trusts whoever holds that port (our own background), and ends itself when told to.
 */
import type {
  EngineConnect,
  EngineEvent,
  EngineModule,
  EngineOperations,
  EngineWorkerName,
} from '../shared/engine-protocol.ts';
import { serveRpc } from '../shared/rpc.ts';
import { createEngine } from './engine.ts';
import { loadBindings } from './session/load-bindings.ts';

declare const self: DedicatedWorkerGlobalScope & { Request: typeof Request };

let emit: (event: EngineEvent) => void = () => undefined;
let isAlive = false;
const engine = createEngine(self, (event) => emit(event));
let takeModule: (module: WebAssembly.Module | null) => void = () => undefined;
const isGiven = self.name === ('lockstep-engine-given' satisfies EngineWorkerName);
const given = new Promise<WebAssembly.Module | null>((resolve) => (takeModule = resolve));
// Nobody starts this worker without needing it: it loads while its host finds the way here. Whoever
// needs the bindings hears of a failure.
loadBindings(isGiven ? given : undefined).catch(() => undefined);

/** Held as long as this worker lives: whoever waits for it hears of any end, however sudden. */
function holdAliveLock(name: string): void {
  if (isAlive) return;
  isAlive = true;
  void navigator.locks.request(name, () => {
    emit({ type: 'alive' });
    return new Promise<never>(() => undefined);
  });
}

self.onmessage = ({ data, ports: [port] }: MessageEvent<EngineConnect | EngineModule>) => {
  if (data.lockstep === 'engine-module') takeModule(data.module);
  if (data.lockstep !== 'engine-connect' || port === undefined) return;
  const server = serveRpc<EngineOperations, EngineEvent>(port, engine);
  emit = (event) => server.emit(event);
  if (isAlive) emit({ type: 'alive' });
  holdAliveLock(data.aliveLock);
};
