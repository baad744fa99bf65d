/** What happens at each start of the background: journaled work goes on where the previous process left it. */
import { pauseAfterStart } from './popup-snapshot/popup-snapshots.ts';
import type { Services } from './services.ts';

export async function resumeWork(services: Services): Promise<void> {
  const { store, accounts, connection, runner, schedule, consent, outbox, live } = services;
  const { history, transfers, backups, scheduledBackups, databaseCare, popupSnapshots } = services;
  // Whatever the previous process left, this one takes a snapshot of its own.
  popupSnapshots.soon(pauseAfterStart);
  await schedule.arm();
  await services.wallets.resume();
  const account = await store.owned.account.read();
  if (account === null) return;
  if (account.phase === 'registering') {
    if (account.error === null) await accounts.resume();
    return;
  }
  await databaseCare.resume();
  await runner.recover();
  await connection.adopt();
  await consent.carryOut();
  await outbox.resume({ failed: false });
  await live.apply();
  await transfers.resume();
  await backups.resume();
  await scheduledBackups.resume();
  // Last, because it may wait for an answer.
  await history.resume();
}
