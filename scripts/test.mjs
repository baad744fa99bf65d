// `npm test`: everything that can be tested, from nothing. Continues after a failure, so that one run
// shows all of them.
import { ensureBrowsers } from './browsers.mjs';
import { ensurePackages, runTypeScript } from './packages.mjs';

ensurePackages();
ensureBrowsers(['chromium', 'firefox']);
const check = runTypeScript(['scripts/check.ts']);
const e2e = runTypeScript(['tests/e2e/run.ts']);
if (check !== 0) console.error('\nTypes, lint, formatting or unit tests failed; see the top.');
process.exit(check !== 0 || e2e !== 0 ? 1 : 0);
