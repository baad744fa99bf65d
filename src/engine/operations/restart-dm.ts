/**
 * Starting a one-to-one conversation anew, when it came with history and nobody has added this
 * installation to it. libxmtp passes over what was imported, makes another group with the same person,
 * and shows both as one conversation, here and in every other app. A group cannot be started anew.
 */
import type { EngineInput, EngineOutput } from '../../shared/engine-protocol.ts';
import { LockstepError } from '../../shared/errors.ts';
import type { ConversationId } from '../../shared/ids.ts';
import { findConversation, writableGroup } from '../conversations/find-conversations.ts';
import type { Session } from '../session/session.ts';

/** Repeating it makes no second group: whatever can be written to already is left as it is. */
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
      // An earlier try may have failed in the middle, and is found instead of a new one.
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
