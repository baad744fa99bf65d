/**
 * What changed since the store's cursor, in bounded pieces. The cursor follows insertion, not sending:
 * imported history keeps its old sent times. Insert times run up to 59 s ahead and jump back
 * (docs/libxmtp.md#insertion-cursor), so a cursor overlaps and the store deduplicates by id.
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
import { beginning, formatCursor, parseCursor } from './cursor.ts';
import { snapshotOf } from '../records/conversation.ts';
import { messageFrom } from '../records/message.ts';
import { nowInNanoseconds } from '../records/times.ts';
import type { Session } from '../session/session.ts';

/** More than the minute by which insert times wander. Nanoseconds. */
const overlap = 120_000_000_000n;

/** One reading from a cursor to now, handed out piece by piece. */
interface Plan {
  readonly token: string;
  readonly from: bigint;
  readonly startedAt: bigint;
  readonly todo: ListedConversation[];
  /** So many at the beginning of `todo` are waited for: they are a piece of their own. */
  waitedFor: number;
  readonly fresh: ReadonlySet<ConversationId>;
  /** Read from libxmtp, but beyond the size of the piece before. */
  readonly pending: Message[];
  readonly removed: readonly ConversationId[];
  /** What the store was told before, and with this reading: fingerprints (reported.ts). */
  readonly told: { readonly before: string | null; readonly after: string | null };
}

export class ChangeReader {
  #plan: Plan | null = null;

  async read(session: Session, input: ChangesInput): Promise<Changes> {
    const plan = this.#continue(input) ?? begin(session, input);
    this.#plan = plan;
    const { token, from, startedAt, todo, fresh, told } = plan;
    const conversations: ConversationSnapshot[] = [];
    const messages = plan.pending.splice(0, input.limit);
    while (messages.length < input.limit) {
      const next = todo.shift();
      if (next === undefined) break;
      const snapshot = await snapshotOf(session.client, next);
      conversations.push(snapshot);
      if (input.messagesOf.includes(snapshot.consent)) {
        const found = await readInserted(session.client, next, fresh.has(next.id) ? 0n : from);
        messages.push(...found.splice(0, input.limit - messages.length));
        plan.pending.push(...found);
      }
      if (--plan.waitedFor === 0) break;
    }
    const done = todo.length === 0 && plan.pending.length === 0;
    if (done) this.#plan = null;
    return {
      conversations,
      messages,
      removed: done ? plan.removed : [],
      cursor: done
        ? formatCursor({ from: startedAt - overlap, plan: null, done: token, reported: told.after })
        : formatCursor({ from, plan: token, done: null, reported: told.before }),
      remaining: todo.length,
      done,
    };
  }

  #continue({ cursor }: ChangesInput): Plan | null {
    const token = cursor === null ? null : parseCursor(cursor).plan;
    return token !== null && token === this.#plan?.token ? this.#plan : null;
  }
}

function begin({ pending }: Session, { cursor, scan }: ChangesInput): Plan {
  const token = crypto.randomUUID();
  const acknowledged = cursor === null ? beginning : parseCursor(cursor);
  const startedAt = nowInNanoseconds();
  const everything = cursor === null || scan === 'all';
  // Something else than the traffic of this session may have changed it: an import, a dead predecessor.
  if (everything) pending.addUnknown();
  const { changed, fresh, reported, first } = pending.handOut(token, acknowledged);
  const told = { before: acknowledged.reported, after: reported };
  const plan = { token, from: acknowledged.from, startedAt, fresh, pending: [], told };
  // With nothing to look at, the list is not read either.
  if (!everything && changed.size === 0) return { ...plan, todo: [], waitedFor: 0, removed: [] };
  const index = pending.index();
  const listed = everything ? [...index.listed] : listedOf(index, changed);
  // A conversation that has just been learnt of counts as active now, before those that are waited for.
  const waitedFor = listed.filter(({ id }) => first.has(id));
  return {
    ...plan,
    todo: [...waitedFor, ...listed.filter(({ id }) => !first.has(id))],
    waitedFor: waitedFor.length,
    removed: [...index.duplicates.keys()],
  };
}

/** Last activity first, as the index has them: what a person looks at first is stored first. */
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
