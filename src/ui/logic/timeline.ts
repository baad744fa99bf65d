/**
 * A conversation's messages as the lines that a person sees: days, messages with their reactions,
 * group changes, unsent messages. Pure, so that paging and live changes always give the same lines.
 */
import type { GroupChange, Message, MessageContent } from '../../shared/conversation.ts';
import type { InboxId, MessageId, Milliseconds } from '../../shared/ids.ts';
import type { OutboxEntry } from '../../shared/outbox.ts';

export interface ReactionCount {
  readonly emoji: string;
  readonly count: number;
  /** Whether one of them is the person's own. */
  readonly own: boolean;
}

export type TimelineItem =
  | { readonly kind: 'day'; readonly key: string; readonly at: Milliseconds }
  | { readonly kind: 'new'; readonly key: string }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: Message;
      readonly own: boolean;
      /** First and last of a sender's unbroken series: where name and time are shown. */
      readonly first: boolean;
      readonly last: boolean;
      readonly reactions: readonly ReactionCount[];
    }
  | {
      readonly kind: 'change';
      readonly key: string;
      readonly message: Message;
      readonly change: GroupChange;
    }
  | { readonly kind: 'outbox'; readonly key: string; readonly entry: OutboxEntry };

/** Messages of one sender within this time belong together. */
const seriesGap = 5 * 60_000;

export interface TimelineInput {
  /** In any order; each id once. */
  readonly messages: readonly Message[];
  readonly outbox: readonly OutboxEntry[];
  readonly self: InboxId | null;
  /** The read position when the conversation was opened; null shows no line of new messages. */
  readonly readUntil: Milliseconds | null;
}

/** The lines, oldest first. */
export function timeline(input: TimelineInput): readonly TimelineItem[] {
  const hidden = new Set(input.outbox.flatMap(({ messageId }) => messageId ?? []));
  const sorted = input.messages
    .filter(({ id }) => !hidden.has(id))
    .toSorted((a, b) => a.sentAt - b.sentAt || (a.id < b.id ? -1 : 1));
  const reactions = collectReactions(sorted, input.self);
  const items: TimelineItem[] = [];
  let day: string | null = null;
  let announced = input.readUntil === null;

  for (const message of sorted) {
    const { content } = message;
    if (content.type === 'reaction' || content.type === 'read-receipt') continue;
    if (content.type === 'group-change' && isEmptyChange(content.change)) continue;
    const own = message.sender === input.self;

    const thisDay = new Date(message.sentAt).toDateString();
    if (thisDay !== day) {
      items.push({ kind: 'day', key: `day ${thisDay}`, at: message.sentAt });
      day = thisDay;
    }
    if (!announced && !own && input.readUntil !== null && message.sentAt > input.readUntil) {
      // Nothing read before, or everything new: then the line would only say the obvious.
      if (items.some(({ kind }) => kind === 'message')) items.push({ kind: 'new', key: 'new' });
      announced = true;
    }
    if (content.type === 'group-change') {
      items.push({ kind: 'change', key: message.id, message, change: content.change });
      continue;
    }
    const previous = items.at(-1);
    const follows =
      previous?.kind === 'message' &&
      previous.message.sender === message.sender &&
      message.sentAt - previous.message.sentAt < seriesGap;
    if (follows) items[items.length - 1] = { ...previous, last: false };
    items.push({
      kind: 'message',
      key: message.id,
      message,
      own,
      first: !follows,
      last: true,
      reactions: reactions.get(message.id) ?? [],
    });
  }
  for (const entry of input.outbox) items.push({ kind: 'outbox', key: `out ${entry.id}`, entry });
  return items;
}

/** Reactions standing on each message. A sender's same emoji counts once; the latest word holds. */
function collectReactions(
  sorted: readonly Message[],
  self: InboxId | null,
): ReadonlyMap<MessageId, readonly ReactionCount[]> {
  const standing = new Map<MessageId, Map<string, Set<InboxId>>>();
  for (const { content, sender } of sorted) {
    if (content.type !== 'reaction') continue;
    const ofMessage = standing.get(content.to) ?? new Map<string, Set<InboxId>>();
    standing.set(content.to, ofMessage);
    const senders = ofMessage.get(content.emoji) ?? new Set<InboxId>();
    ofMessage.set(content.emoji, senders);
    if (content.removed) senders.delete(sender);
    else senders.add(sender);
  }
  const counts = new Map<MessageId, readonly ReactionCount[]>();
  for (const [id, emojis] of standing) {
    const list = [...emojis]
      .filter(([, senders]) => senders.size > 0)
      .map(([emoji, senders]) => ({
        emoji,
        count: senders.size,
        own: self !== null && senders.has(self),
      }));
    if (list.length > 0) counts.set(id, list);
  }
  return counts;
}

function isEmptyChange(change: GroupChange): boolean {
  return (
    change.added.length + change.removed.length + change.left.length + change.fields.length === 0
  );
}

/** The text of a message that can be read or quoted; null for contents that are not text. */
export function plainText(content: MessageContent): string | null {
  switch (content.type) {
    case 'text':
    case 'markdown':
      return content.text;
    case 'reply':
      return content.text;
    case 'other':
      return content.fallback;
    default:
      return null;
  }
}
