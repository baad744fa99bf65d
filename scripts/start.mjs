// `npm start`: the whole of Lockstep on the local network, from nothing. See scripts/demo.ts.
import { ensureBrowsers } from './browsers.mjs';
import { ensurePackages, runTypeScript } from './packages.mjs';

const args = process.argv.slice(2);
ensurePackages();
if (!args.includes('--help')) {
  const named = args.indexOf('--browser');
  ensureBrowsers([named >= 0 && args[named + 1] === 'firefox' ? 'firefox' : 'chromium']);
}
process.exit(runTypeScript(['scripts/demo.ts', ...args]));
