/**
 * Delivers what changed since the store's cursor, in bounded pieces. The cursor follows insertion times,
 * because imported history keeps its old sent times. Insertion times run up to 59 s ahead and jump back
 * (docs/libxmtp.md#insertion-cursor), so cursors overlap and the store deduplicates by id.
 */
import type { Client } from '@xmtp/wasm-bindings';
import type { Changes, ChangesInput } from '../../shared/engine-protocol.ts';
import type { ConversationSnapshot, Message } from '../../shared/conversation.ts';
import type { ConversationId } from '../../shared/ids.ts';
import type { ConversationIndex } from '../conversations/conversation-index.ts';
import {
  findMessages,
  type FoundConversation,
  type ListedConversation,
} from '../conversations/find-conversations.ts';
import { start, formatCursor, parseCursor } from './cursor.ts';
import { snapshotOf } from '../records/conversation.ts';
import { messageFrom } from '../records/message.ts';
import { nowInNanoseconds } from '../records/times.ts';
import type { Session } from '../session/session.ts';

/** Nanoseconds: more than the minute by which insertion times wander. */
const overlap = 120_000_000_000n;

/** Everything from a cursor up to now, delivered piece by piece. */
interface Delivery {
  readonly token: string;
  readonly from: bigint;
  readonly startedAt: bigint;
  readonly todo: ListedConversation[];
  /** How many at the front of `todo` somebody waits for. They make a piece of their own. */
  waitedFor: number;
  readonly fresh: ReadonlySet<ConversationId>;
  /** Read from libxmtp, but left over from the piece before. */
  readonly pending: Message[];
  readonly removed: readonly ConversationId[];
  /** Fingerprints of the list (index-state.ts): as acknowledged so far, and as of this delivery. */
  readonly fingerprints: { readonly before: string | null; readonly after: string | null };
}

export class ChangeReader {
  #delivery: Delivery | null = null;

  async read(session: Session, input: ChangesInput): Promise<Changes> {
    const delivery = this.#resume(input) ?? begin(session, input);
    this.#delivery = delivery;
    const { token, from, startedAt, todo, fresh, fingerprints } = delivery;
    const conversations: ConversationSnapshot[] = [];
    const messages = delivery.pending.splice(0, input.limit);
    while (messages.length < input.limit) {
      const next = todo.shift();
      if (next === undefined) break;
      const snapshot = await snapshotOf(session.client, next);
      conversations.push(snapshot);
      if (input.messagesOf.includes(snapshot.consent)) {
        const found = await readInserted(session.client, next, fresh.has(next.id) ? 0n : from);
        messages.push(...found.splice(0, input.limit - messages.length));
        delivery.pending.push(...found);
      }
      if (--delivery.waitedFor === 0) break;
    }
    const done = todo.length === 0 && delivery.pending.length === 0;
    if (done) this.#delivery = null;
    const cursor = done
      ? { from: startedAt - overlap, inProgress: null, acknowledged: token }
      : { from, inProgress: token, acknowledged: null };
    const fingerprint = done ? fingerprints.after : fingerprints.before;
    return {
      conversations,
      messages,
      removed: done ? delivery.removed : [],
      cursor: formatCursor({ ...cursor, fingerprint }),
      remaining: todo.length,
      done,
    };
  }

  #resume({ cursor }: ChangesInput): Delivery | null {
    const token = cursor === null ? null : parseCursor(cursor).inProgress;
    return token !== null && token === this.#delivery?.token ? this.#delivery : null;
  }
}

function begin({ pending }: Session, { cursor, scan }: ChangesInput): Delivery {
  const token = crypto.randomUUID();
  const { from, acknowledged, fingerprint } = cursor === null ? start : parseCursor(cursor);
  const startedAt = nowInNanoseconds();
  const everything = cursor === null || scan === 'all';
  // An import or a previous process may have changed things that this session's traffic does not show.
  if (everything) pending.addUnknown();
  const delivered = pending.deliver(token, { token: acknowledged, fingerprint });
  const { changed, fresh, first } = delivered;
  const fingerprints = { before: fingerprint, after: delivered.fingerprint };
  const delivery = { token, from, startedAt, fresh, pending: [], fingerprints };
  // With nothing to look at, do not read the list either.
  if (!everything && changed.size === 0)
    return { ...delivery, todo: [], waitedFor: 0, removed: [] };
  const index = pending.index();
  const listed = everything ? [...index.listed] : listedOf(index, changed);
  // Conversations that somebody waits for go before even those that are new, which count as active now.
  const waitedFor = listed.filter(({ id }) => first.has(id));
  return {
    ...delivery,
    todo: [...waitedFor, ...listed.filter(({ id }) => !first.has(id))],
    waitedFor: waitedFor.length,
    removed: [...index.duplicates.keys()],
  };
}

/** Last activity first, in the index's order: what a person sees first is stored first. */
function listedOf(
  { byId, listed }: ConversationIndex,
  ids: ReadonlySet<ConversationId>,
): ListedConversation[] {
  if (ids.size > listed.length / 4) return listed.filter(({ id }) => ids.has(id));
  return [...ids].flatMap((id) => byId.get(id) ?? []);
}

async function readInserted(
  client: Client,
  listed: FoundConversation,
  from: bigint,
): Promise<Message[]> {
  const found = await findMessages(listed, from > 0n ? { insertedAfterNs: from } : {});
  const messages: Message[] = [];
  for (const message of found) messages.push(await messageFrom(client, listed.id, message));
  return messages;
}

/** All messages of one conversation, oldest first. */
export function readAllMessages(client: Client, listed: FoundConversation): Promise<Message[]> {
  return readInserted(client, listed, 0n);
}
