import type { ConversationId } from '../shared/ids.ts';

/**
 * Stands around each commit that hides conversations from the chats: a denial, a removal, an account that
 * goes. Whoever keeps copies of what the store shows takes them away before `commit` runs, and makes none
 * until it has ended. The write half knows which commits those are; nobody else has to.
 * @param hides the conversations that the commit hides.
 */
export type HidingGuard = <Output>(
  hides: (id: ConversationId) => boolean,
  commit: () => Promise<Output>,
) => Promise<Output>;

export const everyConversation = () => true;

/** Where nobody keeps copies. */
export const unguarded: HidingGuard = (_hides, commit) => commit();
