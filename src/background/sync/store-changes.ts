/** Bringing the store up to what libxmtp has, and saying what that changed. */
import type { ConsentFilter } from '../../shared/consent.ts';
import type { Changes } from '../../shared/engine-protocol.ts';
import type { ConversationId } from '../../shared/ids.ts';
import type { RunFinding, RunProgress } from '../../shared/run.ts';
import type { Applied, DerivedStore, ReadPositions } from '../../store/derived/store.ts';
import type { Engine } from '../connection/engine.ts';
import { withChoices, type ConsentChoices } from './consent-choices.ts';
import { reconcile } from './reconcile.ts';

/** Messages in one transaction: big enough to be quick, small enough to be seen arriving. */
const chunk = 500;

export interface StoredChanges {
  readonly newConversations: number;
  readonly updatedConversations: number;
  readonly consentChanges: number;
  readonly newMessages: number;
  readonly repaired: number;
  readonly findings: readonly RunFinding[];
  /** Conversations that became allowed elsewhere; their messages may not have been fetched. */
  readonly newlyAllowed: readonly ConversationId[];
}

export interface StoreChangesInput {
  readonly scan: 'touched' | 'all';
  /** Conversations in these states are stored with their messages. */
  readonly messagesOf: ConsentFilter;
  readonly read: ReadPositions;
  /** What the person chose and libxmtp may not know yet. */
  readonly choices: () => Promise<ConsentChoices>;
  readonly onProgress: (progress: RunProgress) => void;
}

/** Must not run twice at once: a reading of the engine has one reader (`StoreUpdates` sees to it). */
export async function storeChanges(
  engine: Engine,
  derived: DerivedStore,
  { scan, messagesOf, read, choices, onProgress }: StoreChangesInput,
): Promise<StoredChanges> {
  const fresh = new Set<ConversationId>();
  const updated = new Set<ConversationId>();
  const consented = new Set<ConversationId>();
  const listed = new Set<ConversationId>();
  const toReconcile = new Set<ConversationId>();
  const newlyAllowed = new Set<ConversationId>();
  let newMessages = 0;

  const first = await derived.cursor();
  const ask = (cursor: Changes['cursor'] | null) =>
    engine.call('changes', { cursor, scan, messagesOf, limit: chunk });
  const isWhole = first === null || scan === 'all';
  let next: Promise<Changes> | null = ask(first);
  while (next !== null) {
    const reading: Changes = await next;
    // The engine reads the next piece while this one is being written.
    next = reading.done ? null : ask(reading.cursor);
    next?.catch(() => undefined); // awaited above, or given up with what failed here
    // A reading that found nothing leaves the cursor where it is: nothing lies behind it.
    const isNothing = !isWhole && reading.done && isEmpty(reading);
    if (!isNothing) onProgress({ step: 'storing', done: listed.size, total: null });
    let changes = reading;
    const applied = isNothing
      ? nothingApplied
      : await derived.apply(
          reading,
          read,
          async (delivered) => (changes = withChoices(delivered, await choices())),
        );
    for (const id of applied.newConversations) fresh.add(id);
    for (const id of applied.updatedConversations) updated.add(id);
    for (const id of applied.consentChanges) consented.add(id);
    for (const { id, consent } of changes.conversations) {
      listed.add(id);
      if (messagesOf.includes(consent)) toReconcile.add(id);
      if (consent === 'allowed' && applied.consentChanges.includes(id)) newlyAllowed.add(id);
    }
    newMessages += applied.newMessages;
    if (next !== null) {
      const total = listed.size + changes.remaining;
      onProgress({ step: 'storing', done: listed.size, total });
    }
  }
  // Only a reading of everything can tell what libxmtp no longer has.
  if (isWhole) await derived.keepOnlyConversations(listed);

  const total = toReconcile.size;
  onProgress({ step: 'checking', done: 0, total });
  const { filled, findings } = await reconcile(
    engine,
    derived,
    [...toReconcile],
    messagesOf,
    read,
    (done) => onProgress({ step: 'checking', done, total }),
  );
  return {
    newConversations: fresh.size,
    updatedConversations: updated.size,
    consentChanges: consented.size,
    newMessages: newMessages + filled,
    repaired: findings.reduce((sum, { missing, surplus }) => sum + missing + surplus, 0),
    findings,
    newlyAllowed: [...newlyAllowed],
  };
}

const nothingApplied: Applied = {
  newConversations: [],
  updatedConversations: [],
  consentChanges: [],
  newMessages: 0,
};

function isEmpty({ conversations, messages, removed }: Changes): boolean {
  return conversations.length === 0 && messages.length === 0 && removed.length === 0;
}
