/**
 * Loading libxmtp's WASM. The bindings would compile it while it streams in, and Chromium keeps what it
 * compiled so. In Firefox that must not be: when a worker is ended in the middle of it, no later streaming
 * compilation of the same file ever settles, until the browser is started again (measured with Firefox
 * ESR 140.12, Linux, 2026-11). Its event page may be ended at any time, so there the bytes are read first.
 */
import init from '@xmtp/wasm-bindings';

const file = new URL(
  '../../../node_modules/@xmtp/wasm-bindings/dist/bindings_wasm_bg.wasm',
  import.meta.url,
);

let loading: Promise<void> | null = null;

/**
 * Compiles and starts the bindings, once for this worker.
 * @param given what somebody else compiles meanwhile, if anybody does; null if they could not.
 */
export function loadBindings(given?: Promise<WebAssembly.Module | null>): Promise<void> {
  loading ??= load(given);
  return loading;
}

async function load(given?: Promise<WebAssembly.Module | null>): Promise<void> {
  const isFirefox = location.protocol === 'moz-extension:';
  const module = (await given) ?? (isFirefox ? await compileAfterReading() : file);
  await init({ module_or_path: module });
}

async function compileAfterReading(): Promise<WebAssembly.Module> {
  const response = await fetch(file);
  return WebAssembly.compile(await response.arrayBuffer());
}
