/**
 * Restarts a one-to-one conversation that was imported and that nobody has added this installation to. libxmtp
 * ignores imported groups, creates another one with the same person, and shows both as one conversation, here
 * and in every other app. Groups cannot be restarted.
 */
import type { EngineInput, EngineOutput } from '../../shared/engine-protocol.ts';
import { LockstepError } from '../../shared/errors.ts';
import type { ConversationId } from '../../shared/ids.ts';
import { findConversation, writableGroup } from '../conversations/find-conversations.ts';
import type { Session } from '../session/session.ts';

/** Idempotent: a conversation that is not read-only stays as it is. */
export async function restartDm(
  { client, pending }: Session,
  { conversationId }: EngineInput<'restartDm'>,
): Promise<EngineOutput<'restartDm'>> {
  const listed = findConversation(client, conversationId);
  if (listed.kind === 'group') throw new LockstepError('conversation_inactive');
  try {
    if ((await writableGroup(client, listed)) === null) {
      const peer = listed.conversation.dmPeerInboxId();
      const dm = await client.conversations().createDmByInboxId(peer);
      // libxmtp may have found the incomplete group of an earlier try.
      const made = { kind: 'dm', conversation: dm } as const;
      if ((await writableGroup(client, made)) === null) await dm.addMembers([peer]);
    }
  } finally {
    pending.addUnknown();
    pending.addConversation(conversationId);
  }
  return {
    conversationId: findConversation(client, conversationId).conversation.id() as ConversationId,
  };
}
