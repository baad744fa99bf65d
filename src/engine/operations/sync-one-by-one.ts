/** Syncing conversations that we choose, instead of those that libxmtp would. */
import type { Client } from '@xmtp/wasm-bindings';
import { toErrorRecord } from '../../shared/errors.ts';
import type { ConversationId } from '../../shared/ids.ts';
import type { RunFailure } from '../../shared/run.ts';
import { findConversation, groupsOf, isActive } from '../conversations/find-conversations.ts';
import { translateError } from '../errors.ts';
import { forEachConcurrent } from '../../shared/concurrency/for-each-concurrent.ts';
import type { OperationContext } from '../session/session.ts';

/** So many wait for the network at a time. */
const width = 6;

/**
 * A one-to-one conversation may consist of several groups; all of them are its messages. Of one that is
 * inactive nothing can be fetched, which is no failure: a welcome changes that, and comes by itself.
 */
export async function syncConversation(client: Client, id: ConversationId): Promise<void> {
  const listed = findConversation(client, id);
  const groups = await groupsOf(listed);
  const active = groups.filter(isActive);
  if (active.length === groups.length) {
    for (const group of groups) await group.sync();
  } else if (active.length > 0) {
    // libxmtp cannot sync one of them alone: it syncs all, and ends at the one that is inactive.
    await client.conversations().syncAllConversations([listed.conversation.consentState()]);
  }
}

/**
 * Leaves nothing to libxmtp's choice: it skips groups that look quiet, so it never finishes what a dead
 * predecessor began.
 */
export async function syncOneByOne(
  { session: { client }, evidence }: OperationContext,
  ids: readonly ConversationId[],
  failures: RunFailure[],
): Promise<void> {
  await forEachConcurrent(ids, width, async (id) => {
    try {
      await syncConversation(client, id);
    } catch (thrown) {
      const error = translateError(thrown, evidence);
      if (error.code === 'engine_crashed') throw error;
      failures.push({ conversationId: id, error: toErrorRecord(error) });
    }
  });
}
