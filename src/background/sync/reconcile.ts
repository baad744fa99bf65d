/**
 * Proof that the store has what libxmtp has: counts by conversation, and where they differ the
 * messages themselves.
 */
import type { ConsentFilter } from '../../shared/consent.ts';
import type { ConversationId } from '../../shared/ids.ts';
import type { RunFinding } from '../../shared/run.ts';
import type { DerivedStore, ReadPositions } from '../../store/derived/store.ts';
import type { Engine } from '../connection/engine.ts';

export interface Reconciled {
  /** Messages of conversations of which nothing was stored: they were allowed after their sync. */
  readonly filled: number;
  /** Where the store differed, and how; all of it is put right. */
  readonly findings: readonly RunFinding[];
}

/** Conversations that are compared in one question to the engine. */
const chunk = 250;

export async function reconcile(
  engine: Engine,
  derived: DerivedStore,
  conversationIds: readonly ConversationId[],
  messagesOf: ConsentFilter,
  read: ReadPositions,
  onProgress: (done: number) => void,
): Promise<Reconciled> {
  let filled = 0;
  const findings: RunFinding[] = [];
  for (let start = 0; start < conversationIds.length; start += chunk) {
    const part = conversationIds.slice(start, start + chunk);
    const [truth, stored] = await Promise.all([
      engine.call('countMessages', { conversationIds: part }),
      derived.countMessages(part),
    ]);
    for (const [conversationId, count] of truth) {
      const before = stored.get(conversationId) ?? 0;
      if (before === count) continue;
      const messages = await engine.call('conversationMessages', { conversationId });
      // Asked last: what the person denied while libxmtp was being asked gets no messages back.
      const consent = (await derived.conversation(conversationId))?.consent;
      if (consent === undefined || !messagesOf.includes(consent)) continue;
      const kept = new Set(messages.map(({ id }) => id));
      const surplus = await derived.keepOnlyMessages(conversationId, kept, read);
      const missing = await derived.putMessages(conversationId, messages, read);
      if (before === 0) filled += missing;
      else findings.push({ conversationId, missing, surplus });
    }
    onProgress(start + part.length);
  }
  return { filled, findings };
}
