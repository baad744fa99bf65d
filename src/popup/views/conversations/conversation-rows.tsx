/**
 * Rows of a list of conversations. Preact draws an empty one, and every row is its clone that is filled
 * in: drawn by Preact, fifty take a popup that opens 7 ms longer (docs/performance.md).
 */
import { render } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Conversation } from '../../../shared/conversation.ts';
import type { ConversationId, InboxId, Milliseconds } from '../../../shared/ids.ts';
import { avatarClass, avatarLetters } from '../../../ui/components/avatar.tsx';
import { Icon } from '../../../ui/components/icon.tsx';
import { hrefOf } from '../../../ui/logic/routes.ts';
import type { RowWindow } from '../../../ui/logic/row-window.ts';
import { contentLine } from '../../../ui/text/contents.ts';
import { conversationTitle, titleIsId } from '../../../ui/text/conversations.ts';
import { formatCompact, formatDateTime, formatListTime } from '../../../ui/text/format.ts';
import { plural, t } from '../../../ui/text/messages.ts';

export const rowHeight = 64;

interface Props {
  readonly rows: readonly Conversation[];
  readonly window: RowWindow & { readonly total: number };
  readonly pinned: ReadonlySet<ConversationId>;
  readonly self: InboxId | null;
  readonly moment: Milliseconds;
}

/** What a row shows of a conversation, and where. */
interface RowContent {
  readonly conversation: Conversation;
  readonly index: number;
  readonly total: number;
  readonly isPinned: boolean;
  readonly self: InboxId | null;
  readonly moment: Milliseconds;
}

export function ConversationRows({ rows, window, pinned, self, moment }: Props) {
  const room = useRef<HTMLDivElement>(null);
  const existing = useRef(new Map<ConversationId, Row>());
  useLayoutEffect(() => {
    if (room.current === null) return;
    const { start, end, total } = window;
    const contents = rows.slice(start, end).map((conversation, offset) => ({
      ...{ conversation, index: start + offset, total, self, moment },
      isPinned: pinned.has(conversation.id),
    }));
    place(room.current, existing.current, contents);
  });
  return <div ref={room} role="presentation" />;
}

/** Makes the room hold these rows in this order. Rows that stay are not moved, so they keep the focus. */
function place(
  room: HTMLElement,
  existing: Map<ConversationId, Row>,
  contents: readonly RowContent[],
): void {
  const wanted = new Set(contents.map(({ conversation }) => conversation.id));
  for (const [id, row] of existing) {
    if (wanted.has(id)) continue;
    row.element.remove();
    existing.delete(id);
  }
  let next = room.firstElementChild;
  for (const one of contents) {
    const { id } = one.conversation;
    const row = existing.get(id) ?? new Row();
    existing.set(id, row);
    row.show(one);
    if (row.element === next) next = next.nextElementSibling;
    else room.insertBefore(row.element, next);
  }
}

class Row {
  readonly element = emptyRow();
  readonly #link = this.element.firstElementChild as HTMLAnchorElement;
  readonly #parts = [...this.#link.children] as unknown as Parts;
  #shown: RowContent | null = null;

  show(content: RowContent): void {
    const before = this.#shown;
    this.#shown = content;
    if (before === null || before.index !== content.index || before.total !== content.total) {
      this.#showPlace(content);
    }
    const isSame =
      before !== null &&
      before.conversation === content.conversation &&
      before.isPinned === content.isPinned &&
      before.self === content.self &&
      before.moment === content.moment;
    if (!isSame) this.#showConversation(content);
  }

  #showPlace({ index, total }: RowContent): void {
    this.element.style.top = `${index * rowHeight}px`;
    setAttributes(this.element, { 'aria-setsize': total, 'aria-posinset': index + 1 });
    setAttributes(this.#link, { 'data-index': index });
  }

  #showConversation({ conversation, isPinned, self, moment }: RowContent): void {
    const { id, kind, consent, unread, active, lastActivityAt, lastMessage } = conversation;
    const [avatar, title, time, preview, marks] = this.#parts;
    const [lock, pin, badge] = marks.children as unknown as Marks;
    const name = conversationTitle(conversation);
    setAttributes(this.#link, {
      href: hrefOf({ view: 'conversation', id }),
      'data-conversation-id': id,
      'data-kind': kind,
      'data-consent': consent,
      'data-unread': unread,
      'data-active': String(active),
      'data-pinned': String(isPinned),
      'data-last-activity': lastActivityAt,
      'data-last-message-id': lastMessage?.id,
    });
    avatar.className = avatarClass(kind);
    setText(avatar, avatarLetters(name));
    title.className = titleIsId(conversation) ? 'title one-line mono' : 'title one-line';
    setText(title, name);
    time.dateTime = new Date(lastActivityAt).toISOString();
    time.title = formatDateTime(lastActivityAt);
    setText(time, formatListTime(lastActivityAt, moment));
    const words = lastMessage === null ? t('no_messages') : contentLine(lastMessage.content);
    const isOwn = lastMessage !== null && lastMessage.sender === self;
    setText(preview, isOwn ? `${t('you')}: ${words}` : words);
    lock.hidden = active;
    pin.hidden = !isPinned;
    badge.hidden = unread === 0;
    if (unread > 0) {
      setText(badge, formatCompact(unread));
      setAttributes(badge, { 'aria-label': plural('unread', unread) });
    }
  }
}

type Parts = readonly [
  avatar: HTMLElement,
  title: HTMLElement,
  time: HTMLTimeElement,
  preview: HTMLElement,
  marks: HTMLElement,
];

type Marks = readonly [lock: HTMLElement, pin: HTMLElement, badge: HTMLElement];

let pattern: Element | undefined;

function emptyRow(): HTMLElement {
  pattern ??= drawPattern();
  return pattern.cloneNode(true) as HTMLElement;
}

function drawPattern(): Element {
  const holder = document.createElement('div');
  render(
    <div class="list-row" role="listitem">
      <a class="conversation-row" data-testid="conversation-row">
        <span aria-hidden="true" />
        <span dir="auto" data-testid="conversation-title" />
        <time class="time" />
        <span class="preview one-line" dir="auto" data-testid="conversation-preview" />
        <span class="marks">
          <span class="sign" title={t('read_only')} hidden>
            <Icon name="lock" />
            <span class="hidden-visually">{t('read_only')}</span>
          </span>
          <span class="sign" title={t('pinned')} hidden>
            <Icon name="pin" />
            <span class="hidden-visually">{t('pinned')}</span>
          </span>
          <span class="badge" hidden />
        </span>
      </a>
    </div>,
    holder,
  );
  const [row] = holder.children;
  if (row === undefined) throw new Error('Preact drew no row');
  return row;
}

/** Undefined takes an attribute away. */
function setAttributes(
  element: Element,
  values: Readonly<Record<string, string | number | undefined>>,
): void {
  for (const name in values) {
    const value = values[name];
    if (value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, String(value));
  }
}

/** What has not changed is not laid out again. */
function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
