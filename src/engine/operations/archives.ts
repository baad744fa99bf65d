/** Archives in the inbox's sync groups: finding, importing, sending. */
import type { Client, DecodedMessage } from '@xmtp/wasm-bindings';
import type { ArchiveRequest, AvailableArchive, SyncGroupLog } from '../../shared/archive.ts';
import type { HistoryOptions } from '../../shared/history.ts';
import type { InstallationId, Milliseconds } from '../../shared/ids.ts';
import { listDeviceSyncGroups } from '../conversations/find-conversations.ts';
import { readDeviceSync } from '../records/device-sync.ts';
import { fromNanoseconds } from '../records/times.ts';
import type { Session } from '../session/session.ts';
import { archiveOptions } from './history.ts';

/**
 * Fetches welcomes, then the sync groups. It needs both, because messages in a sync group that this
 * installation was just added to come after a welcome. Pulling also answers: libxmtp's own worker serves
 * the requests that it finds here.
 */
export async function pullSyncGroups({ client, pending }: Session): Promise<null> {
  await client.conversations().sync();
  await client.device_sync().syncAllDeviceSyncGroups();
  // libxmtp's own worker imports archives, into conversations that no call of ours named.
  pending.addUnknown();
  return null;
}

/** What the sync groups hold, newest first. Makes no network call. */
export async function readSyncGroups({ client }: Session): Promise<SyncGroupLog> {
  const archives: AvailableArchive[] = [];
  const requests: ArchiveRequest[] = [];
  const lastSeen = new Map<InstallationId, Milliseconds>();
  for (const message of await syncGroupMessages(client)) {
    const sender = message.senderInstallationId as InstallationId;
    const sentAt = fromNanoseconds(message.sentAtNs);
    lastSeen.set(sender, Math.max(sentAt, lastSeen.get(sender) ?? 0));
    if (message.content.type !== 'custom') continue;
    const read = readDeviceSync(message.content.content.content);
    if (read.kind === 'request') requests.push({ ...read, sender, sentAt });
    if (read.kind === 'archive') archives.push({ ...read, sender, sentAt });
  }
  const newestFirst = (a: { sentAt: number }, b: { sentAt: number }) => b.sentAt - a.sentAt;
  return {
    archives: archives.sort(newestFirst),
    requests: requests.sort(newestFirst),
    lastSeen: [...lastSeen].map(([installationId, at]) => ({ installationId, at })),
  };
}

async function syncGroupMessages(client: Client): Promise<readonly DecodedMessage[]> {
  const messages: DecodedMessage[] = [];
  for (const conversation of listDeviceSyncGroups(client)) {
    messages.push(...(await conversation.findEnrichedMessages({})));
  }
  return messages;
}

/** Imports an archive of the sync groups. Idempotent. */
export async function processArchive({ client, pending }: Session, pin: string): Promise<null> {
  await client.device_sync().processSyncArchive(pin);
  pending.addUnknown();
  return null;
}

/** Uploads an archive and announces it to the inbox's installations. */
export async function sendArchive(
  { client }: Session,
  options: HistoryOptions,
  pin: string,
  serverUrl: string,
): Promise<null> {
  await client.device_sync().sendSyncArchive(archiveOptions(options), serverUrl, pin);
  return null;
}
