/**
 * Loads libxmtp's WASM. Chromium compiles it while it streams in, and caches the result. Firefox must not
 * stream: if a worker ends in the middle, no later streaming compilation of the same file settles until the
 * browser restarts (measured with Firefox ESR 140.12, Linux, 2026-11). Firefox may end its event page at any
 * time, so there the bytes are read first.
 */
import init from '@xmtp/wasm-bindings';

const file = new URL(
  '../../../node_modules/@xmtp/wasm-bindings/dist/bindings_wasm_bg.wasm',
  import.meta.url,
);

let loading: Promise<void> | null = null;

/**
 * Compiles and starts the bindings, once in this worker.
 * @param given the module, if the host compiles it; resolves to null if the host could not.
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
