/** The engine: operations on one open session, one at a time. */
import type {
  EngineEvent,
  EngineOperation,
  EngineOperations,
  OpenInput,
  OpenOutput,
} from '../shared/engine-protocol.ts';
import { LockstepError, storageError } from '../shared/errors.ts';
import type { RpcHandlers } from '../shared/rpc.ts';
import { translateError } from './errors.ts';
import { openSession, prepareStorage } from './session/open-session.ts';
import { ChangeReader } from './changes/change-reader.ts';
import {
  conversationMessages,
  countMessages,
  sendText,
  setConsent,
} from './operations/conversations.ts';
import {
  processArchive,
  pullSyncGroups,
  readSyncGroups,
  sendArchive,
} from './operations/archives.ts';
import {
  backupUrl,
  checkBackup,
  importBackup,
  keyOfFile,
  makeBackup,
} from './operations/backups.ts';
import { newKey } from './backups/derive.ts';
import { countHistory, installations, requestHistory } from './operations/history.ts';
import { SignatureRequests } from './operations/signature-requests.ts';
import {
  checkDatabase,
  deleteDatabase,
  exportDatabase,
  restoreDatabase,
  storageFacts,
} from './operations/storage.ts';
import { checkpointCommits, withCommitsHeld, writesSoFar } from './opfs/coalesce.ts';
import { restartDm } from './operations/restart-dm.ts';
import { sync } from './operations/sync.ts';
import { BaselineRecorder } from './freshness/baseline-recorder.ts';
import { Streams } from './session/streams.ts';
import { PausableQueue } from '../shared/concurrency/pausable-queue.ts';
import type { OperationContext, Session } from './session/session.ts';
import { Evidence, type ObservedCall } from './traffic/evidence.ts';
import { observeTraffic } from './traffic/observer.ts';

type Handler<Op extends EngineOperation> = (
  input: EngineOperations[Op]['input'],
) => Promise<EngineOperations[Op]['output']>;

export interface EngineScope {
  fetch: typeof fetch;
  Request: typeof Request;
  readonly location: { readonly origin: string };
  /** Ends the worker. */
  close(): void;
}

/**
 * @param emit tells the background something by itself.
 * @returns handlers for every operation; each waits for those before it.
 */
export function createEngine(
  scope: EngineScope,
  emit: (event: EngineEvent) => void,
): RpcHandlers<EngineOperations> {
  const queue = new PausableQueue();
  const changes = new ChangeReader();
  const signatures = new SignatureRequests();
  const streams = new Streams(() => emit({ type: 'touched' }));
  const recorder = new BaselineRecorder({ writes: writesSoFar, now: Date.now });
  let session: Session | null = null;
  let current: Evidence | null = null;
  let calls = 0;
  let storageFailure: string | null = null;

  const traffic = observeTraffic(scope, {
    seen: (call) => {
      calls++;
      current?.add(call);
      session?.pending.addCall(call);
      if (current !== null && isFetchedConversation(call)) {
        emit({ type: 'progress', ...current.progress, at: Date.now() });
      }
    },
    answered: (exchange) => recorder.answered(exchange),
    sending: (method, body) => current?.sending(method, body),
    passing: (method, answer) => current?.passing(method, answer) ?? Promise.resolve(),
    publishing: checkpointCommits,
  });

  /**
   * Nothing is written any more, so the worker may end at any point: what is on the disk is what
   * recovery works with. libxmtp itself may report success now, or never answer.
   */
  function endAfterStorageFailure(detail: string): void {
    storageFailure = detail;
    emit({ type: 'storage-failed', detail });
    scope.close();
  }

  /** Runs work alone, with its own evidence, and translates what it throws. */
  function alone<Output>(work: (evidence: Evidence) => Promise<Output>): Promise<Output> {
    return queue.add(async () => {
      const evidence = new Evidence();
      traffic.newOperation();
      // An operation may run in the middle of another one that pauses.
      const outer = current;
      current = evidence;
      try {
        const output = await work(evidence);
        // Whoever gets the answer acts on it, so a kill must not take it back.
        checkpointCommits();
        if (storageFailure !== null) throw storageError(storageFailure);
        return output;
      } catch (thrown) {
        if (storageFailure !== null) throw storageError(storageFailure);
        throw translateError(thrown, evidence);
      } finally {
        current = outer;
        traffic.newOperation();
      }
    });
  }

  /** @param remembers false for what changes nothing, or only by calls that are heard of first. */
  function withSession<Op extends EngineOperation>(
    work: (
      context: OperationContext,
      input: EngineOperations[Op]['input'],
    ) => Promise<EngineOperations[Op]['output']>,
    { remembers = true } = {},
  ): Handler<Op> {
    return (input) =>
      alone(async (evidence) => {
        if (session === null) {
          throw new LockstepError('database_released', { detail: 'the database is not open' });
        }
        if (remembers) session.pending.remember();
        return work({ session, evidence, emit, pause: (patience) => queue.pause(patience) }, input);
      });
  }

  /** For work on the files themselves, in a worker that has opened no database. */
  function withoutSession<Op extends EngineOperation>(work: Handler<Op>): Handler<Op> {
    return (input) =>
      alone(async () => {
        if (session !== null) {
          throw new LockstepError('database_locked', { detail: 'the database is open' });
        }
        await prepareStorage(endAfterStorageFailure);
        return work(input);
      });
  }

  async function open(input: OpenInput): Promise<OpenOutput> {
    traffic.configure(input.endpoints);
    traffic.allowUploads(input.serveHistory);
    if (session !== null) {
      // The background lost its port and asks again; another database needs another worker.
      if (session.input.databaseName === input.databaseName) {
        return { ...session.opened, registered: session.client.isRegistered };
      }
      throw new LockstepError('database_locked', { detail: 'another database is open here' });
    }
    session = await openSession(input, endAfterStorageFailure);
    return session.opened;
  }

  return {
    open: (input) => alone(() => open(input)),
    requestSignature: withSession<'requestSignature'>(({ session: open }, { purpose }) =>
      signatures.request(open, purpose),
    ),
    addSignature: withSession<'addSignature'>((_context, input) => signatures.add(input)),
    applySignatures: withSession<'applySignatures'>(({ session: open }, input) =>
      signatures.apply(open, input),
    ),
    identity: withSession<'identity'>(async ({ session: { opened } }) => ({
      inboxId: opened.inboxId,
      installationId: opened.installationId,
    })),
    sync: withSession<'sync'>(
      (context, input) => {
        const { input: opened, opened: as } = context.session;
        return recorder.during(input, as.installationId, () =>
          withCommitsHeld(opened.databaseName, () => sync(context, input)),
        );
      },
      { remembers: false },
    ),
    continueSync: async () => {
      queue.resume();
      return null;
    },
    changes: withSession<'changes'>((context, input) => changes.read(context.session, input), {
      remembers: false,
    }),
    takeCallCount: async () => {
      const taken = calls;
      calls = 0;
      return taken;
    },
    startStreams: withSession<'startStreams'>(async ({ session: open }) => {
      await streams.start(open);
      return null;
    }),
    streamsEnded: () => streams.ended,
    stopStreams: () =>
      alone(async () => {
        await streams.stop();
        return null;
      }),
    countMessages: withSession<'countMessages'>(({ session: { client } }, input) =>
      countMessages(client, input),
    ),
    conversationMessages: withSession<'conversationMessages'>(({ session: { client } }, input) =>
      conversationMessages(client, input),
    ),
    setConsent: withSession<'setConsent'>(({ session }, input) => setConsent(session, input)),
    restartDm: withSession<'restartDm'>(({ session: open }, input) => restartDm(open, input)),
    sendText: withSession<'sendText'>(({ session: { client } }, input) => sendText(client, input)),
    installations: withSession<'installations'>(({ session: { client } }) => installations(client)),
    requestHistory: withSession<'requestHistory'>(({ session: { client } }, input) => {
      traffic.allowHistoryServer(input.serverUrl);
      return requestHistory(client, input.options, input.serverUrl);
    }),
    countHistory: withSession<'countHistory'>(({ session: { client } }, { sentBefore }) =>
      countHistory(client, sentBefore),
    ),
    pullSyncGroups: withSession<'pullSyncGroups'>(({ session: open }) => pullSyncGroups(open)),
    readSyncGroups: withSession<'readSyncGroups'>(({ session: open }) => readSyncGroups(open), {
      remembers: false,
    }),
    processArchive: withSession<'processArchive'>(({ session: open }, { pin, serverUrl }) => {
      if (serverUrl !== null) traffic.allowHistoryServer(serverUrl);
      return withCommitsHeld(open.input.databaseName, () => processArchive(open, pin));
    }),
    sendArchive: withSession<'sendArchive'>(async ({ session: open }, input) => {
      traffic.allowHistoryServer(input.serverUrl);
      return traffic.uploading(() => sendArchive(open, input.options, input.pin, input.serverUrl));
    }),
    newBackupKey: ({ secret }) => translated(() => newKey(secret)),
    keyOfBackup: ({ file, secret }) => translated(() => keyOfFile(file, secret)),
    makeBackup: withSession<'makeBackup'>(({ session: open }, input) => makeBackup(open, input)),
    checkBackup: ({ file, key }) => translated(() => checkBackup(file, key)),
    importBackup: withSession<'importBackup'>(({ session: open }, { file, key }) =>
      withCommitsHeld(open.input.databaseName, () => importBackup(open, file, key)),
    ),
    backupUrl: ({ file }) => translated(async () => ({ url: await backupUrl(file) })),
    revokeBackupUrl: async ({ url }) => {
      URL.revokeObjectURL(url);
      return null;
    },
    serveHistory: async ({ enabled }) => {
      traffic.allowUploads(enabled);
      return null;
    },
    quietFor: async () => traffic.quietFor(),
    storageFacts: (input) =>
      alone(async () => {
        await prepareStorage(endAfterStorageFailure);
        return storageFacts(input);
      }),
    checkDatabase: withoutSession<'checkDatabase'>(checkDatabase),
    exportDatabase: withoutSession<'exportDatabase'>(exportDatabase),
    restoreDatabase: withoutSession<'restoreDatabase'>(restoreDatabase),
    deleteDatabase: withoutSession<'deleteDatabase'>(deleteDatabase),
    close: () =>
      alone(async () => {
        const baseline = await recorder.baseline();
        // After the answer has left; between operations nothing of libxmtp's is half-written.
        setTimeout(() => scope.close(), 0);
        // An answer that is on its way may still reach libxmtp.
        return { baseline: traffic.quietFor() > 0 ? baseline : null };
      }),
  };
}

/** For what works on no session and need not wait for those that do. */
async function translated<Output>(work: () => Promise<Output>): Promise<Output> {
  try {
    return await work();
  } catch (thrown) {
    throw translateError(thrown, null);
  }
}

function isFetchedConversation({ groupId, outcome }: ObservedCall): boolean {
  return groupId !== null && outcome.ok;
}
