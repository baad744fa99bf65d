/**
 * The engine's worker: the only context with libxmtp. It loads libxmtp, then waits until its host passes it a
 * port. It trusts whoever holds that port, which is our own background, and ends itself on request.
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
let resolveModule: (module: WebAssembly.Module | null) => void = () => undefined;
const isGiven = self.name === ('lockstep-engine-given' satisfies EngineWorkerName);
const given = new Promise<WebAssembly.Module | null>((resolve) => (resolveModule = resolve));
// Loads at once, because nobody starts this worker without needing libxmtp. Whoever needs the bindings hears
// of a failure.
loadBindings(isGiven ? given : undefined).catch(() => undefined);

/** Held while this worker lives, so that whoever waits for the lock notices any end. */
function holdAliveLock(name: string): void {
  if (isAlive) return;
  isAlive = true;
  void navigator.locks.request(name, () => {
    emit({ type: 'alive' });
    return new Promise<never>(() => undefined);
  });
}

self.onmessage = ({ data, ports: [port] }: MessageEvent<EngineConnect | EngineModule>) => {
  if (data.lockstep === 'engine-module') resolveModule(data.module);
  if (data.lockstep !== 'engine-connect' || port === undefined) return;
  const server = serveRpc<EngineOperations, EngineEvent>(port, engine);
  emit = (event) => server.emit(event);
  if (isAlive) emit({ type: 'alive' });
  holdAliveLock(data.aliveLock);
};
