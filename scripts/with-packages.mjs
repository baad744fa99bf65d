// `node scripts/with-packages.mjs [--browsers] tsx FILE …`: brings what the program needs, then runs it.
import { ensureBrowsers } from './browsers.mjs';
import { ensurePackages, runTypeScript } from './packages.mjs';

const args = process.argv.slice(2);
ensurePackages();
if (args[0] === '--browsers') {
  args.shift();
  const chosen = args.flatMap((arg, index) => (args[index - 1] === '--browser' ? [arg] : []));
  const needsNone = args.includes('--area') && args[args.indexOf('--area') + 1] === 'network';
  const known = /** @type {const} */ (['chromium', 'firefox']);
  const wanted = known.filter((browser) => chosen.length === 0 || chosen.includes(browser));
  if (!needsNone) ensureBrowsers(wanted);
}
if (args[0] === 'tsx') args.shift();
process.exit(runTypeScript(args));
