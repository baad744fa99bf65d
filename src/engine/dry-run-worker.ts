/**
 * The worker of a dry-run import (backups/dry-run.ts). It reads one archive into the in-memory client of a
 * made-up inbox and reports what was in it. None of its calls reaches the network.
 */
import {
  BackendBuilder,
  createClientWithBackend,
  DeviceSyncMode,
  generateInboxId,
  GroupMessageKind,
  IdentifierKind,
  LogLevel,
  XmtpEnv,
  type Client,
} from '@xmtp/wasm-bindings';
import type { DryRunAnswer, DryRunRequest } from './backups/dry-run-protocol.ts';
import type { DryRun } from './backups/dry-run.ts';
import { listDms, listGroups } from './conversations/find-conversations.ts';
import { loadBindings } from './session/load-bindings.ts';
import { fromLibElement } from './records/enums.ts';

declare const self: DedicatedWorkerGlobalScope;

/** A reserved name that cannot resolve (RFC 2606). */
const nowhere = 'http://dry-run.invalid';

/** An empty gRPC-web answer: an empty message and trailers with status 0. */
function emptyAnswer(): Response {
  const trailers = new TextEncoder().encode('grpc-status:0\r\n');
  const frame = new Uint8Array(5 + trailers.length);
  frame[0] = 0x80;
  frame[4] = trailers.length;
  frame.set(trailers, 5);
  const message = new Uint8Array(5);
  return new Response(new Blob([message, frame]), {
    headers: { 'content-type': 'application/grpc-web+proto' },
  });
}

const realFetch = self.fetch.bind(self);
self.fetch = async (input, init) => {
  const { url } = new Request(input, init);
  // libxmtp's WASM comes from our own package.
  return new URL(url).origin === self.location.origin ? realFetch(input, init) : emptyAnswer();
};

async function dryRun({ archive, key }: DryRunRequest): Promise<DryRun> {
  await loadBindings();
  const client = await emptyClient();
  const { elements } = await client.device_sync().archiveMetadata(archive, key);
  await client.device_sync().importArchive(archive, key);
  let conversations = 0;
  let messages = 0;
  for (const { conversation } of [
    ...listDms(client, { duplicates: false }),
    ...listGroups(client),
  ]) {
    conversations++;
    messages += Number(await conversation.countMessages({ kind: GroupMessageKind.Application }));
  }
  return { elements: elements.map(fromLibElement), conversations, messages };
}

function emptyClient(): Promise<Client> {
  const identifier = {
    identifier: `0x${'11'.repeat(20)}`,
    identifierKind: IdentifierKind.Ethereum,
  };
  return createClientWithBackend(
    new BackendBuilder(XmtpEnv.Local).setApiUrl(nowhere).build(),
    generateInboxId(identifier, 1n),
    identifier,
    null, // in memory
    null,
    DeviceSyncMode.Disabled,
    null,
    { level: LogLevel.Off },
    true,
  );
}

self.onmessage = ({ data }: MessageEvent<DryRunRequest>) => {
  dryRun(data).then(
    (result) => self.postMessage({ ok: true, result } satisfies DryRunAnswer),
    (error: unknown) =>
      self.postMessage({ ok: false, detail: String(error) } satisfies DryRunAnswer),
  );
};
