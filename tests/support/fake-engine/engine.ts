/** The engine's operations on the inbox in memory, with failures on demand. */
import type {
  EngineEvent,
  EngineOperation,
  EngineOperations,
  SyncInput,
  SyncOutput,
} from '../../../src/shared/engine-protocol.ts';
import { LockstepError, type ErrorCode } from '../../../src/shared/errors.ts';
import type { SyncGroupLog } from '../../../src/shared/archive.ts';
import type { ConversationId } from '../../../src/shared/ids.ts';
import type { RpcHandlers } from '../../../src/shared/rpc.ts';
import { installation, self, type FakeXmtp } from './xmtp.ts';

type Handlers = RpcHandlers<EngineOperations>;

/** What of the sync groups a test sets. */
export interface FakeSyncGroups {
  log: SyncGroupLog;
  /** What an archive brings, by pin: importing it once or twice is the same. */
  readonly archives: Map<string, () => void>;
}

export interface FakeEngine {
  readonly handlers: Handlers;
  /** Every operation that was called, in order. */
  readonly calls: EngineOperation[];
  /** Makes the next calls of an operation fail, each with the code in its place. */
  fail(operation: EngineOperation, ...codes: readonly ErrorCode[]): void;
  /** Makes the queries of a conversation fail until it is told otherwise; the sync itself resolves. */
  failing: ReadonlySet<ConversationId>;
}

/** One worker's life: what it has delivered and not heard acknowledged is gone with it. */
export function createFakeEngine(
  xmtp: FakeXmtp,
  syncGroups: FakeSyncGroups,
  emit: (event: EngineEvent) => void,
): FakeEngine {
  const calls: EngineOperation[] = [];
  const failures = new Map<EngineOperation, ErrorCode[]>();
  const engine = { calls, failing: new Set<ConversationId>() as ReadonlySet<ConversationId> };
  let networkCalls = 0;
  let isOpen = false;
  let endStreams: ((reason: { readonly reason: 'stopped' }) => void) | null = null;

  function sync({ scope, thorough, also }: SyncInput): SyncOutput {
    const ids =
      scope.kind === 'all'
        ? (xmtp.join(), xmtp.joinedIn(scope.consent))
        : scope.kind === 'conversation'
          ? [scope.conversationId]
          : [];
    if (scope.kind === 'conversations') xmtp.join();
    const wanted = [...new Set([...ids, ...also])];
    const failed = wanted.filter((id) => engine.failing.has(id));
    const fetched = wanted.filter((id) => !engine.failing.has(id) && xmtp.fetch(id));
    const made = thorough ? 2 + wanted.length : 2;
    networkCalls += made;
    const isCounted = scope.kind === 'all';
    return {
      eligible: isCounted ? ids.length + 1 : null,
      eligibleParts: null,
      synced: isCounted ? fetched.length : null,
      failures: failed.map((conversationId) => ({
        conversationId,
        error: { code: 'network_failed', detail: null, retryAfter: null } as never,
      })),
      traffic: { calls: made, failedCalls: failed.length, bytesSent: 1, bytesReceived: 1 },
    };
  }

  const known = (id: ConversationId) => {
    const snapshot = xmtp.find(id);
    if (snapshot === null) throw new LockstepError('conversation_unknown');
    return snapshot;
  };

  const handlers: Partial<Handlers> = {
    open: async () => {
      isOpen = true;
      return {
        inboxId: self,
        installationId: installation,
        registered: true,
        libxmtpVersion: 'fake',
        recoveredJournals: 0,
      };
    },
    requestSignature: async () => null,
    identity: async () => ({ inboxId: self, installationId: installation }),
    sync: async (input) => {
      const output = sync(input);
      emit({ type: 'progress', part: 'all', done: 0, total: null, at: 0 });
      return output;
    },
    continueSync: async () => null,
    changes: async ({ cursor, scan, messagesOf, limit }) => {
      const since = cursor === null || scan === 'all' ? 0 : Number(cursor);
      const { conversations, messages, now } = xmtp.changesSince(since);
      const wanted = messages.filter(({ conversationId }) => {
        const consent = xmtp.consentOf(conversationId);
        return consent !== null && messagesOf.includes(consent);
      });
      // One chunk: the store deduplicates, and a reading of more than its limit is the engine's own matter.
      if (wanted.length > limit) throw new Error('the fake delivers one chunk');
      return {
        conversations,
        messages: wanted,
        removed: [],
        cursor: String(now),
        remaining: 0,
        done: true,
      };
    },
    takeCallCount: async () => {
      const taken = networkCalls;
      networkCalls = 0;
      return taken;
    },
    startStreams: async () => null,
    streamsEnded: () =>
      new Promise((resolve) => {
        endStreams = resolve;
      }),
    stopStreams: async () => {
      endStreams?.({ reason: 'stopped' });
      return null;
    },
    countMessages: async ({ conversationIds }) =>
      new Map(
        conversationIds
          .filter((id) => xmtp.find(id) !== null)
          .map((id) => [id, xmtp.messagesOf(id).length]),
      ),
    conversationMessages: async ({ conversationId }) => xmtp.messagesOf(conversationId),
    setConsent: async ({ conversationId, consent }) => {
      known(conversationId);
      return xmtp.setConsent(conversationId, consent);
    },
    sendText: async ({ conversationId, text, idempotencyKey }) => {
      known(conversationId);
      networkCalls++;
      return xmtp.send(conversationId, text, idempotencyKey);
    },
    installations: async () => [{ id: installation, createdAt: null }],
    countHistory: async () => {
      const counts = [...xmtp.conversations.keys()].map((id) => xmtp.messagesOf(id).length);
      return {
        conversations: counts.filter((count) => count > 0).length,
        messages: counts.reduce((sum, count) => sum + count, 0),
      };
    },
    pullSyncGroups: async () => null,
    readSyncGroups: async () => syncGroups.log,
    processArchive: async ({ pin }) => {
      const bring = syncGroups.archives.get(pin);
      if (bring === undefined) throw new LockstepError('archive_missing');
      bring();
      return null;
    },
    sendArchive: async () => null,
    serveHistory: async () => null,
    quietFor: async () => 60_000,
    close: async () => {
      isOpen = false;
      return { baseline: null };
    },
  };

  const table = new Proxy(handlers, {
    has: () => true,
    getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true }),
    get: (target, name: EngineOperation) => async (input: never) => {
      calls.push(name);
      const code = failures.get(name)?.shift();
      if (code !== undefined) throw new LockstepError(code);
      if (name !== 'open' && name !== 'close' && !isOpen)
        throw new LockstepError('database_released');
      const handler = target[name] as ((input: never) => Promise<unknown>) | undefined;
      if (handler === undefined) throw new Error(`the fake engine has no ${name}`);
      return handler(input);
    },
  }) as Handlers;

  return Object.assign(engine, {
    handlers: table,
    fail(operation: EngineOperation, ...codes: readonly ErrorCode[]) {
      failures.set(operation, [...(failures.get(operation) ?? []), ...codes]);
    },
  });
}
