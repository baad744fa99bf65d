/**
 * One build for both browsers; `scripts/build.ts` runs it and gives each its manifest. Entries with
 * fixed names are those that the manifest or our own code names.
 */
import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const src = path.join(import.meta.dirname, 'src');

/**
 * Names a page's chunks in its head, so that they load side by side instead of each by the one before.
 * Vite's own way would put its helper around every dynamic import, too.
 */
function preloadChunks(): Plugin {
  return {
    name: 'lockstep-preload-chunks',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {}, chunk }) {
        const found = new Set<string>();
        const follow = (imports: readonly string[]) => {
          for (const name of imports) {
            const imported = bundle[name];
            if (found.has(name) || imported?.type !== 'chunk') continue;
            found.add(name);
            follow(imported.imports);
          }
        };
        follow(chunk?.imports ?? []);
        return [...found].map((name) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', href: `/${name}` },
          injectTo: 'head' as const,
        }));
      },
    },
  };
}

export default defineConfig({
  root: src,
  base: '/',
  publicDir: false,
  plugins: [preloadChunks()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: path.join(import.meta.dirname, 'dist/extension'),
    emptyOutDir: true,
    target: ['chrome120', 'firefox128'],
    // The stores review readable code, and the engine's size is its WASM.
    minify: true,
    // Service workers must not import dynamically, and pages load from disk anyway.
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // How a build's time divides is no news to who starts the program.
      checks: { bundlerTimings: false },
      input: {
        background: path.join(src, 'background/index.ts'),
        engine: path.join(src, 'engine/worker.ts'),
        'dry-run': path.join(src, 'engine/dry-run-worker.ts'),
        popup: path.join(src, 'popup/index.html'),
        setup: path.join(src, 'pages/setup/index.html'),
        offscreen: path.join(src, 'offscreen/index.html'),
      },
      output: {
        entryFileNames: ({ name }) =>
          ['background', 'engine', 'dry-run'].includes(name)
            ? '[name].js'
            : 'assets/[name]-[hash].js',
        chunkFileNames: 'assets/[name]-[hash].js',
        assetFileNames: 'assets/[name]-[hash][extname]',
        codeSplitting: {
          groups: [
            // The background has it too, and must not evaluate what is for the popup alone.
            { name: 'popup-snapshot', test: /shared[\\/]popup-snapshot\.ts$/, priority: 2 },
            // The mark of where our own time begins, and then the first look, wait for nothing else.
            { name: 'start-mark', test: /popup[\\/]start-mark\.ts$/, priority: 1 },
            { name: 'load-snapshot', test: /popup[\\/]load-snapshot\.ts$/ },
          ],
        },
      },
    },
  },
});
