/** The inbox's other installations and the history that they can send. */
import { GroupMessageKind, type ArchiveOptions, type Client } from '@xmtp/wasm-bindings';
import type { EngineOutput } from '../../shared/engine-protocol.ts';
import type { HistoryOptions } from '../../shared/history.ts';
import type { InstallationId, Milliseconds } from '../../shared/ids.ts';
import { listDms, listGroups } from '../conversations/find-conversations.ts';
import { toLibElement } from '../records/enums.ts';
import { fromNanoseconds, toNanoseconds } from '../records/times.ts';

/** From the network: only the identity log tells an installation that it was revoked. */
export async function installations(client: Client): Promise<EngineOutput<'installations'>> {
  const state = await client.inboxState(true);
  return state.installations.map(({ id, clientTimestampNs }) => ({
    id: id as InstallationId,
    createdAt: clientTimestampNs === undefined ? null : fromNanoseconds(clientTimestampNs),
  }));
}

export function archiveOptions(options: HistoryOptions): ArchiveOptions {
  const { elements, from, until, excludeDisappearing } = options;
  return {
    elements: elements.map(toLibElement),
    excludeDisappearingMessages: excludeDisappearing,
    ...(from === null ? {} : { startNs: toNanoseconds(from) }),
    ...(until === null ? {} : { endNs: toNanoseconds(until) }),
  };
}

/** @param serverUrl the history server to upload the answer to. */
export async function requestHistory(
  client: Client,
  options: HistoryOptions,
  serverUrl: string,
): Promise<null> {
  await client.device_sync().sendSyncRequest(archiveOptions(options), serverUrl);
  return null;
}

/**
 * Counts what people wrote before a moment, in every consent state. The difference between two counts is what
 * an import brought: no event announces one, and imported messages keep their old sent times.
 */
export async function countHistory(
  client: Client,
  sentBefore: Milliseconds,
): Promise<EngineOutput<'countHistory'>> {
  let conversations = 0;
  let messages = 0;
  const sentBeforeNs = toNanoseconds(sentBefore);
  for (const { conversation } of [
    ...listDms(client, { duplicates: false }),
    ...listGroups(client),
  ]) {
    // Archives leave out membership changes, and welcomes bring some regardless.
    const kind = GroupMessageKind.Application;
    const count = Number(await conversation.countMessages({ sentBeforeNs, kind }));
    messages += count;
    if (count > 0) conversations++;
  }
  return { conversations, messages };
}
