// Finds Chromium and Firefox, and on request brings them: an installed one, else Debian's packages
// where this runs as root on Debian, else Playwright's own Chromium. Plain Node: it runs before
// anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const names = {
  chromium: [
    'chromium',
    'chromium-browser',
    'google-chrome-for-testing',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  firefox: [
    'firefox-esr',
    'firefox',
    'firefox-developer-edition',
    '/Applications/Firefox.app/Contents/MacOS/firefox',
  ],
};

const debianPackages = { chromium: 'chromium', firefox: 'firefox-esr' };

/** @param {string} name */
function which(name) {
  if (path.isAbsolute(name)) return existsSync(name) ? name : null;
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const candidate = path.join(folder, name);
    if (existsSync(candidate)) return candidate;
  }
  return null;
}

/** @param {'chromium' | 'firefox'} browser @returns {string | null} */
function installed(browser) {
  const chosen = process.env[browser === 'chromium' ? 'LOCKSTEP_CHROMIUM' : 'LOCKSTEP_FIREFOX'];
  if (chosen !== undefined && existsSync(chosen)) return chosen;
  for (const name of names[browser]) {
    const found = which(name);
    if (found !== null) return found;
  }
  return browser === 'chromium' ? playwrightsOwn() : null;
}

/** @returns {string | null} */
function playwrightsOwn() {
  const script =
    "import('playwright-core').then(({ chromium }) => console.log(chromium.executablePath()))";
  const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  const found = (stdout ?? '').trim();
  return found !== '' && existsSync(found) ? found : null;
}

function isRootOnDebian() {
  if (process.getuid?.() !== 0) return false;
  try {
    return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** @param {string} command @param {string[]} args */
function run(command, args) {
  console.log(`> ${command} ${args.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: 'inherit', env }).status === 0;
}

/** @param {'chromium' | 'firefox'} browser */
function bring(browser) {
  if (isRootOnDebian()) {
    console.log(`Installing Debian's ${debianPackages[browser]} …`);
    const install = ['install', '-y', '--no-install-recommends', debianPackages[browser]];
    if (run('apt-get', install)) return;
    run('apt-get', ['update']);
    if (run('apt-get', install)) return;
  }
  if (browser === 'chromium') {
    console.log("Downloading Playwright's Chromium …");
    run(process.execPath, ['node_modules/playwright-core/cli.js', 'install', 'chromium']);
  }
}

/**
 * Makes sure that the browsers are there; says what to install and ends the process where not.
 * @param {readonly ('chromium' | 'firefox')[]} browsers
 */
export function ensureBrowsers(browsers) {
  for (const browser of browsers) {
    if (installed(browser) !== null) continue;
    bring(browser);
    if (installed(browser) !== null) continue;
    const [variable, what] =
      browser === 'chromium'
        ? [
            'LOCKSTEP_CHROMIUM',
            'Chromium 120 or newer (not Google Chrome, which loads no unpacked extensions by flag)',
          ]
        : ['LOCKSTEP_FIREFOX', 'Firefox 128 or newer'];
    console.error(
      `${browser} is needed and was not found. Install ${what}, or set ${variable} to its executable.`,
    );
    process.exit(1);
  }
}

/** @returns {string} */
export function findChromium() {
  return installed('chromium') ?? fail('Chromium');
}

/** @returns {string} */
export function findFirefox() {
  return installed('firefox') ?? fail('Firefox');
}

/** @param {string} name @returns {never} */
function fail(name) {
  throw new Error(`${name} was not found; npm test and npm start install it.`);
}
