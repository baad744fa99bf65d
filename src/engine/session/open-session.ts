/**
 * The only way to open libxmtp's database: lock, journal recovery, opfsInit, build, comparison of the
 * installation. Leaving any step out loses data (docs/libxmtp.md#hot-journal,
 * docs/libxmtp.md#locked-opfs-opens-empty-database).
 */
import {
  BackendBuilder,
  createClientWithBackend,
  DeviceSyncMode,
  generateInboxId,
  getInboxIdForIdentifier,
  IdentifierKind,
  LogLevel,
  opfsFileExists,
  opfsInit,
  XmtpEnv,
  type Backend,
  type Client,
  type Identifier,
} from '@xmtp/wasm-bindings';
import { sleep } from '../../shared/concurrency/sleep.ts';
import type { OpenInput } from '../../shared/engine-protocol.ts';
import { LockstepError } from '../../shared/errors.ts';
import type { InboxId, InstallationId } from '../../shared/ids.ts';
import type { NetworkEndpoints } from '../../shared/network-choice.ts';
import { readIndex } from '../conversations/conversation-index.ts';
import { takeDatabaseLock } from './database-lock.ts';
import { loadBindings } from './load-bindings.ts';
import { coalesceWrites } from '../opfs/coalesce.ts';
import { deleteOtherDatabases } from '../operations/storage.ts';
import { recoverDatabases, type Recovered } from '../opfs/recover.ts';
import { PendingChanges } from '../changes/pending-changes.ts';
import type { Session } from './session.ts';

const environments: Readonly<Record<NetworkEndpoints['environment'], XmtpEnv>> = {
  local: XmtpEnv.Local,
  dev: XmtpEnv.Dev,
  production: XmtpEnv.Production,
  mainnet: XmtpEnv.Mainnet,
};

/** Called once, from within SQLite, when a raw file operation fails. Must not throw. */
export type StorageFailureListener = (detail: string) => void;

let storageReady: Promise<Recovered> | null = null;

/**
 * Prepares OPFS, once in this worker, because libxmtp never retries a failed preparation. Throws
 * database_locked, database_damaged.
 */
export function prepareStorage(onStorageFailure: StorageFailureListener): Promise<Recovered> {
  storageReady ??= (async () => {
    await takeDatabaseLock();
    const [recovered] = await Promise.all([recoverWhenReleased(), loadBindings()]);
    const closeRest = coalesceWrites(recovered.files, onStorageFailure);
    try {
      await opfsInit();
    } catch (error) {
      throw new LockstepError('database_locked', { detail: String(error), cause: error });
    } finally {
      closeRest();
    }
    return recovered;
  })();
  return storageReady;
}

/**
 * Retries while a killed worker's file handles are still open. The browser releases the worker's lock up to a
 * second before them (docs/libxmtp.md#handles-outlive-the-lock).
 */
async function recoverWhenReleased(): Promise<Recovered> {
  const deadline = Date.now() + 10_000;
  for (let wait = 20; ; wait = Math.min(wait * 2, 500)) {
    try {
      return await recoverDatabases();
    } catch (error) {
      const held = error instanceof DOMException && error.name === 'NoModificationAllowedError';
      if (!held || Date.now() > deadline) {
        throw new LockstepError(held ? 'database_locked' : 'database_damaged', {
          detail: String(error),
          cause: error,
        });
      }
      await sleep(wait);
    }
  }
}

/**
 * Opens a session. Throws database_locked, database_lost, database_damaged, inbox_mismatch, and the network's
 * errors where a new account's inbox has to be looked up.
 */
export async function openSession(
  input: OpenInput,
  onStorageFailure: StorageFailureListener,
): Promise<Session> {
  const { broken } = await prepareStorage(onStorageFailure);
  const { databaseName, expect } = input;
  const identifier = { identifier: input.address, identifierKind: IdentifierKind.Ethereum };
  // libxmtp would create a new, empty database here, and with it a new installation.
  if (expect.kind === 'existing' && !(await opfsFileExists(databaseName))) {
    throw new LockstepError('database_lost', { detail: `no ${databaseName} in OPFS` });
  }
  const problem = broken.get(databaseName);
  // libxmtp takes an empty file for a new database and would write a new installation into it.
  if (expect.kind === 'existing' && problem !== undefined) {
    throw new LockstepError('database_damaged', { detail: `${databaseName}: ${problem}` });
  }
  if (expect.kind === 'existing') await deleteOtherDatabases(databaseName);
  const backend = backendOf(input.endpoints);
  const client =
    expect.kind === 'existing'
      ? await build(backend, expect.inboxId, identifier, databaseName, true)
      : await build(backend, await findInbox(backend, identifier), identifier, databaseName, false);
  compare(client, expect);
  const pending = new PendingChanges(() => readIndex(client));
  return {
    client,
    input,
    pending,
    opened: {
      inboxId: client.inboxId as InboxId,
      installationId: client.installationId as InstallationId,
    },
  };
}

async function findInbox(backend: Backend, identifier: Identifier): Promise<string> {
  return (await getInboxIdForIdentifier(backend, identifier)) ?? generateInboxId(identifier, 1n);
}

function build(
  backend: Backend,
  inboxId: string,
  identifier: Identifier,
  databaseName: string,
  offline: boolean,
): Promise<Client> {
  return createClientWithBackend(
    backend,
    inboxId,
    identifier,
    databaseName,
    null, // the key is ignored in browsers (docs/libxmtp.md#database-not-encrypted)
    DeviceSyncMode.Enabled,
    null,
    { level: LogLevel.Off },
    offline,
  );
}

function compare(client: Client, expect: OpenInput['expect']): void {
  if (expect.kind === 'create') return;
  if (client.inboxId !== expect.inboxId) {
    throw new LockstepError('inbox_mismatch', { detail: `found inbox ${client.inboxId}` });
  }
  if (client.installationId !== expect.installationId || !client.isRegistered) {
    throw new LockstepError('database_lost', {
      detail: `found installation ${client.installationId}, registered: ${client.isRegistered}`,
    });
  }
}

function backendOf({ environment, nodeUrl, gatewayUrl }: NetworkEndpoints): Backend {
  let builder = new BackendBuilder(environments[environment]);
  if (nodeUrl !== null) builder = builder.setApiUrl(nodeUrl);
  if (gatewayUrl !== null) builder = builder.setGatewayHost(gatewayUrl);
  return builder.build();
}
