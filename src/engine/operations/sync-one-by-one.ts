/** Syncs conversations of our choice instead of libxmtp's. */
import type { Client } from '@xmtp/wasm-bindings';
import { toErrorRecord } from '../../shared/errors.ts';
import type { ConversationId } from '../../shared/ids.ts';
import type { RunFailure } from '../../shared/run.ts';
import { findConversation, groupsOf, isActive } from '../conversations/find-conversations.ts';
import { translateError } from '../errors.ts';
import { forEachConcurrent } from '../../shared/concurrency/for-each-concurrent.ts';
import type { OperationContext } from '../session/session.ts';

/** Conversations that wait for the network at a time. */
const width = 6;

/**
 * Syncs all groups of a conversation; a one-to-one conversation may have several. Nothing can be fetched for
 * an inactive group, which is no failure: it becomes active through a welcome.
 */
export async function syncConversation(client: Client, id: ConversationId): Promise<void> {
  const listed = findConversation(client, id);
  const groups = await groupsOf(listed);
  const active = groups.filter(isActive);
  if (active.length === groups.length) {
    for (const group of groups) await group.sync();
  } else if (active.length > 0) {
    // libxmtp cannot sync only one of them: it syncs all and stops at the inactive one.
    await client.conversations().syncAllConversations([listed.conversation.consentState()]);
  }
}

/**
 * Does not rely on libxmtp's choice: libxmtp skips groups that look quiet, so it never finishes what a killed
 * engine began.
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
