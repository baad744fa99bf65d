/**
 * The background: Chrome's service worker, Firefox's event page. Owns the store, the schedule and the
 * engine. Trusts the extension's own pages, and nobody else.
 *
 * Listeners are registered here, synchronously, so that no event that wakes us is lost; awaiting
 * happens inside them.
 */
import { answerCommand } from './api/answer.ts';
import { isOwnPage } from './api/sender.ts';
import { backupWorkAlarm } from './backups/jobs.ts';
import { backupAlarm } from './backups/scheduled-backups.ts';
import { historyAlarm } from './history/requests.ts';
import { alarmClock } from './platform/alarms.ts';
import { browser, type Runtime } from './platform/browser.ts';
import { downloads } from './platform/downloads.ts';
import { createEngineHost } from './platform/engine-host.ts';
import { popupSnapshotStorage } from './platform/popup-snapshot-storage.ts';
import { keepAwake } from './platform/keep-alive.ts';
import { networkState } from './platform/network-state.ts';
import { pageAccess } from './platform/page-access.ts';
import { openSetupPage } from './platform/pages.ts';
import { signingKeyMemory } from './platform/signing-key-memory.ts';
import { transferFolder } from './platform/transfer-folder.ts';
import { resumeWork } from './resume.ts';
import { createServices, type Services } from './services.ts';
import { syncAlarm } from './sync/sync-schedule.ts';

const services = createServices({
  engineHost: createEngineHost(),
  alarms: alarmClock,
  network: networkState,
  downloads,
  transferFolder,
  popupSnapshotStorage,
  signingKeys: signingKeyMemory,
  pages: pageAccess,
  keepAwake,
  now: () => Date.now(),
  random: () => Math.random(),
});

/** Once for this process, whatever woke it: work that the previous one left unfinished is resumed. */
let started: Promise<Services> | null = null;
function start(): Promise<Services> {
  started ??= (async () => {
    const sleep = keepAwake();
    // What cannot be resumed stays recorded, and the next start tries again.
    void resumeWork(services)
      .catch((error: unknown) => console.error('Lockstep could not resume its work:', error))
      .finally(sleep);
    return services;
  })();
  return started;
}

browser.runtime.onMessage.addListener((message: unknown, sender: Runtime.MessageSender) =>
  isOwnPage(sender, browser.runtime.id, browser.runtime.getURL('')) && isCommand(message)
    ? answerCommand(start, message)
    : undefined,
);

browser.alarms.onAlarm.addListener(({ name }) => {
  if (name === syncAlarm) void start().then(({ schedule }) => schedule.ring());
  if (name === historyAlarm) void start().then(({ history }) => history.resume());
  // Being woken is enough for what was cut off.
  if (name === backupWorkAlarm) void start();
  if (name === backupAlarm) void start().then(({ scheduledBackups }) => scheduledBackups.look());
});

browser.runtime.onStartup.addListener(
  () => void start().then(({ schedule }) => schedule.resumed('start')),
);

// The person is back: what they look at first should be today's.
browser.idle.onStateChanged.addListener((state) => {
  if (state === 'active') void start().then(({ schedule }) => schedule.resumed('unlock'));
});

browser.runtime.onInstalled.addListener(({ reason }) => {
  void start();
  if (reason === 'install') void openSetupPage();
});

// Firefox tells before it suspends; ending the engine by its own hand keeps its database clean.
browser.runtime.onSuspend?.addListener(() => void services.connection.rest());

// A network that comes back is the best moment to catch up.
self.addEventListener(
  'online',
  () =>
    void start().then(async ({ schedule, history }) => {
      await schedule.online();
      await history.resume();
    }),
);

void start();

function isCommand(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'lockstep' in message;
}
