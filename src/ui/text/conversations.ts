/** What a conversation and its people are called. */
import type { Conversation } from '../../shared/conversation.ts';
import { shortId } from './ids.ts';
import { plural, t } from './messages.ts';

/** A group's name, or the other side's address; always something to click on. */
export function conversationTitle(
  conversation: Pick<Conversation, 'kind' | 'name' | 'peer' | 'id' | 'memberCount'>,
): string {
  const name = conversation.name?.trim() ?? '';
  if (name !== '') return name;
  if (conversation.kind === 'group') {
    return conversation.memberCount === null
      ? t('group_without_name')
      : plural('group_of', conversation.memberCount);
  }
  const { peer } = conversation;
  return peer === null ? t('dm_without_peer') : shortId(peer.address ?? peer.inboxId);
}

/** Whether the title is an identifier, to be set in figures that are easy to compare. */
export function titleIsId(conversation: Pick<Conversation, 'kind' | 'name'>): boolean {
  return conversation.kind === 'dm' && (conversation.name?.trim() ?? '') === '';
}
