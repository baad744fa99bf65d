/** Backups: made from libxmtp's database into the transfer folder, read back, imported from there. */
import type {
  BackupMetadata,
  BackupKey,
  CheckedBackup,
  BackupSecret,
} from '../../shared/backup.ts';
import { longestBeginning, readBeginning } from '../../shared/backup-file.ts';
import type { HistoryOptions } from '../../shared/history.ts';
import type { Milliseconds } from '../../shared/ids.ts';
import { keyFor } from '../backups/derive.ts';
import { readTransferFile, transferFile, writeTransferFile } from '../backups/files.ts';
import { fileKeys, openBackup, sealBackup } from '../backups/seal.ts';
import { dryRunImport } from '../backups/dry-run.ts';
import type { Session } from '../session/session.ts';
import { archiveOptions } from './history.ts';

export interface MakeBackupInput {
  /** A name in the transfer folder. */
  readonly file: string;
  readonly key: BackupKey;
  readonly options: HistoryOptions;
  readonly madeAt: Milliseconds;
}

/** Throws storage_full. */
export async function makeBackup(
  { client, opened }: Session,
  { file, key, options, madeAt }: MakeBackupInput,
): Promise<null> {
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const { archive: archiveKey } = await fileKeys(key, salt);
  const archive = await client.device_sync().createArchive(archiveOptions(options), archiveKey);
  const facts: BackupMetadata = {
    ...options,
    inboxId: opened.inboxId,
    installationId: opened.installationId,
  };
  const contents = { salt, madeAt, facts, archive: archive as Uint8Array<ArrayBuffer> };
  await writeTransferFile(file, await sealBackup(key, contents));
  return null;
}

/** Which key opens a file. Throws wrong_passphrase and the like only when the file is opened. */
export async function keyOfFile(file: string, { text }: BackupSecret): Promise<BackupKey> {
  const found = await transferFile(file);
  const beginning = await found.slice(0, longestBeginning).arrayBuffer();
  const { head } = await readBeginning(new Uint8Array(beginning), found.size);
  return keyFor(text, head.kdf);
}

/**
 * Reads a file as whoever imports it will: authenticates all of it, and lets libxmtp read the archive to
 * its end in a trial. Changes nothing. Throws wrong_passphrase, wrong_backup_key, backup_damaged, …
 */
export async function checkBackup(file: string, key: BackupKey): Promise<CheckedBackup> {
  const bytes = await readTransferFile(file);
  const { madeAt, facts, archive, archiveKey } = await openBackup(bytes, key);
  const { conversations, messages } = await dryRunImport(archive, archiveKey);
  return { madeAt, bytes: bytes.length, facts, conversations, messages };
}

/** Imports a file. Repeating it changes nothing. Throws as `checkBackup`, and then nothing was written. */
export async function importBackup(
  { client, pending }: Session,
  file: string,
  key: BackupKey,
): Promise<null> {
  const { archive, archiveKey } = await openBackup(await readTransferFile(file), key);
  await client.device_sync().importArchive(archive, archiveKey);
  // Into conversations that no call of ours named.
  pending.addUnknown();
  return null;
}

/** An address at which the browser can fetch a file, as long as this worker lives. */
export async function backupUrl(file: string): Promise<string> {
  const found = await transferFile(file);
  // Without a type, Chrome looks inside, and gives the file another ending.
  return URL.createObjectURL(found.slice(0, found.size, 'application/octet-stream'));
}
