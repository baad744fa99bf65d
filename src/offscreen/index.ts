/**
 * Chrome's host document: service workers cannot start workers, so this page starts the engine's, hands it
 * libxmtp's WASM, and passes on the port that the background hands it. No logic, and no access to what
 * passes.
 */
import type { EngineModule, EngineWorkerName } from '../shared/engine-protocol.ts';

const worker = new Worker('/engine.js', {
  type: 'module',
  name: 'lockstep-engine-given' satisfies EngineWorkerName,
});

// Read and compiled here while the worker starts. One that fails is left to the worker, which says why.
const bindings = new URL(
  '../../node_modules/@xmtp/wasm-bindings/dist/bindings_wasm_bg.wasm',
  import.meta.url,
);
// Firefox has no use for this page, but can be led to it, and a streaming compilation that is cut off there
// ends all later ones (engine/session/load-bindings.ts).
if (location.protocol === 'chrome-extension:') {
  WebAssembly.compileStreaming(fetch(bindings))
    .then(give)
    .catch(() => give(null));
}

function give(module: WebAssembly.Module | null): void {
  worker.postMessage({ lockstep: 'engine-module', module } satisfies EngineModule);
}

navigator.serviceWorker.onmessage = ({ data, ports }) => {
  worker.postMessage(data, [...ports]);
};
// Messages sent before the handler was set are held back until this.
navigator.serviceWorker.startMessages();
