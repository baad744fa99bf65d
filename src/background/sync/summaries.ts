/** Adding up what the parts of a run did. */
import type { StoredChanges } from './store-changes.ts';

/** A conversation that both parts changed counts twice among the updated ones; new ones cannot. */
export function addStored(a: StoredChanges, b: StoredChanges): StoredChanges {
  return {
    newConversations: a.newConversations + b.newConversations,
    updatedConversations: a.updatedConversations + b.updatedConversations,
    consentChanges: a.consentChanges + b.consentChanges,
    newMessages: a.newMessages + b.newMessages,
    repaired: a.repaired + b.repaired,
    findings: [...a.findings, ...b.findings],
    newlyAllowed: [...new Set([...a.newlyAllowed, ...b.newlyAllowed])],
  };
}
