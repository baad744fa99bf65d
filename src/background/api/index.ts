/** Every command with its handler. The compiler checks that none is missing. */
import type { CommandName } from '../../shared/commands.ts';
import { cancelHistory } from './cancel-history.ts';
import { createAccount } from './create-account.ts';
import { discardRegistration } from './discard-registration.ts';
import { discardSend } from './discard-send.ts';
import { dropDatabase } from './drop-database.ts';
import { checkDatabase } from './check-database.ts';
import { databaseFacts } from './database-facts.ts';
import { exportDatabase } from './export-database.ts';
import { rebuildStore } from './rebuild-store.ts';
import { restartDm } from './restart-dm.ts';
import { restoreDatabase } from './restore-database.ts';
import { startOver } from './start-over.ts';
import { fetchArchive } from './fetch-archive.ts';
import { findArchives } from './find-archives.ts';
import type { CommandHandler } from './handler.ts';
import { makeBackup } from './make-backup.ts';
import { forgetBackup } from './forget-backup.ts';
import { inspectBackup } from './inspect-backup.ts';
import { importBackup } from './import-backup.ts';
import { setBackupSchedule } from './set-backup-schedule.ts';
import { stopBackupSchedule } from './stop-backup-schedule.ts';
import { runBackupSchedule } from './run-backup-schedule.ts';
import { markRead } from './mark-read.ts';
import { reconnectDatabase } from './reconnect-database.ts';
import { requestHistory } from './request-history.ts';
import { retryHistory } from './retry-history.ts';
import { retryRegistration } from './retry-registration.ts';
import { retrySend } from './retry-send.ts';
import { sendArchive } from './send-archive.ts';
import { sendText } from './send-text.ts';
import { setConsent } from './set-consent.ts';
import { setPinned } from './set-pinned.ts';
import { signWithKey } from './sign-with-key.ts';
import { cancelWallet } from './cancel-wallet.ts';
import { connectWallet } from './connect-wallet.ts';
import { findWallets } from './find-wallets.ts';
import { inviteWallet } from './invite-wallet.ts';
import { signWithWallet } from './sign-with-wallet.ts';
import { sync } from './sync.ts';
import { updateSettings } from './update-settings.ts';
import { wake } from './wake.ts';

export const handlers: { readonly [Name in CommandName]: CommandHandler<Name> } = {
  wake,
  createAccount,
  signWithKey,
  inviteWallet,
  cancelWallet,
  findWallets,
  connectWallet,
  signWithWallet,
  retryRegistration,
  discardRegistration,
  sync,
  setConsent,
  setPinned,
  restartDm,
  sendText,
  retrySend,
  discardSend,
  markRead,
  requestHistory,
  cancelHistory,
  retryHistory,
  findArchives,
  sendArchive,
  fetchArchive,
  makeBackup,
  forgetBackup,
  inspectBackup,
  importBackup,
  setBackupSchedule,
  stopBackupSchedule,
  runBackupSchedule,
  dropDatabase,
  reconnectDatabase,
  databaseFacts,
  checkDatabase,
  exportDatabase,
  restoreDatabase,
  startOver,
  rebuildStore,
  updateSettings,
};
