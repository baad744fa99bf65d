/** Backups: made from libxmtp's database into the transfer folder, checked and imported from there. */
import type {
  BackupMetadata,
  BackupKey,
  CheckedBackup,
  BackupSecret,
} from '../../shared/backup.ts';
import { maxHeaderBytes, parseHeader } from '../../shared/backup-file.ts';
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
  const metadata: BackupMetadata = {
    ...options,
    inboxId: opened.inboxId,
    installationId: opened.installationId,
  };
  const contents = { salt, madeAt, metadata, archive: archive as Uint8Array<ArrayBuffer> };
  await writeTransferFile(file, await sealBackup(key, contents));
  return null;
}

/** Derives the key that a file asks for. A wrong passphrase shows only when the file is opened. */
export async function keyOfFile(file: string, { text }: BackupSecret): Promise<BackupKey> {
  const found = await transferFile(file);
  const start = await found.slice(0, maxHeaderBytes).arrayBuffer();
  const { header } = await parseHeader(new Uint8Array(start), found.size);
  return keyFor(text, header.kdf);
}

/**
 * Checks that a file can be imported: authenticates all of it, then lets libxmtp read the whole archive in a
 * dry run. Changes nothing. Throws wrong_passphrase, wrong_backup_key, backup_damaged, and as `parseHeader`.
 */
export async function checkBackup(file: string, key: BackupKey): Promise<CheckedBackup> {
  const bytes = await readTransferFile(file);
  const { madeAt, metadata, archive, archiveKey } = await openBackup(bytes, key);
  const { conversations, messages } = await dryRunImport(archive, archiveKey);
  return { madeAt, bytes: bytes.length, facts: metadata, conversations, messages };
}

/** Imports a file. Idempotent. Throws as `openBackup`, before anything is written. */
export async function importBackup(
  { client, pending }: Session,
  file: string,
  key: BackupKey,
): Promise<null> {
  const { archive, archiveKey } = await openBackup(await readTransferFile(file), key);
  await client.device_sync().importArchive(archive, archiveKey);
  // The import touches conversations that no call of ours named.
  pending.addUnknown();
  return null;
}

/** Returns a URL for the browser's downloads; it is valid while this worker lives. */
export async function backupUrl(file: string): Promise<string> {
  const found = await transferFile(file);
  // Without a type, Chrome sniffs the content and changes the file's extension.
  return URL.createObjectURL(found.slice(0, found.size, 'application/octet-stream'));
}
