/** Contents of messages in one line, for previews and quotes. */
import type { GroupChange, MessageContent } from '../../shared/conversation.ts';
import type { InboxId } from '../../shared/ids.ts';
import { locale, plural, t, type MessageKey } from './messages.ts';

/** One line, whatever the content; never empty. Line breaks become blanks. */
export function contentLine(content: MessageContent): string {
  switch (content.type) {
    case 'text':
    case 'markdown':
      return oneLine(content.text) || t('content_empty');
    case 'reply':
      return content.text === null ? t('content_reply') : oneLine(content.text);
    case 'reaction':
      return t(content.removed ? 'content_reaction_removed' : 'content_reaction', {
        emoji: content.emoji,
      });
    case 'attachment':
    case 'remote-attachment':
      return content.name === null
        ? t('content_attachment')
        : t('content_attachment_named', { name: content.name });
    case 'group-change':
      return t('content_group_change');
    case 'read-receipt':
      return t('content_read_receipt');
    case 'deleted':
      return t('content_deleted');
    case 'other':
      return content.fallback === null ? t('content_other') : oneLine(content.fallback);
  }
}

function oneLine(text: string): string {
  // Enough for any row, and it keeps a 500 kB message from being laid out in a list.
  return text.slice(0, 300).replace(/\s+/g, ' ').trim();
}

const fieldNames: Readonly<Record<string, MessageKey>> = {
  group_name: 'field_group_name',
  name: 'field_group_name',
  description: 'field_description',
  group_description: 'field_description',
  group_image_url_square: 'field_image',
  image_url: 'field_image',
  image: 'field_image',
};

/** A group's change as sentences. `nameOf` gives a member's name, `self` the reader's inbox. */
export function changeSentences(
  change: GroupChange,
  self: InboxId | null,
  nameOf: (id: InboxId) => string,
): readonly string[] {
  const sentences: string[] = [];
  const byYou = change.by === self;
  const by = nameOf(change.by);
  const list = (ids: readonly InboxId[]) =>
    nameList(ids.map((id) => (id === self ? null : nameOf(id))));
  if (byYou && change.added.length === 1 && change.added[0] === self) {
    sentences.push(t('change_you_joined'));
  } else if (change.added.length > 0) {
    const who = list(change.added);
    sentences.push(byYou ? t('change_you_added', { who }) : t('change_added', { by, who }));
  }
  if (change.removed.length > 0) {
    const who = list(change.removed);
    sentences.push(byYou ? t('change_you_removed', { who }) : t('change_removed', { by, who }));
  }
  if (change.left.length > 0) sentences.push(t('change_left', { who: list(change.left) }));
  for (const { field, after } of change.fields) {
    const name = fieldNames[field];
    if (name === 'field_group_name' && after !== null && after !== '') {
      sentences.push(
        byYou ? t('change_you_renamed', { name: after }) : t('change_renamed', { by, name: after }),
      );
    } else {
      const what = name === undefined ? t('field_other') : t(name);
      sentences.push(byYou ? t('change_you_field', { what }) : t('change_field', { by, what }));
    }
  }
  return sentences;
}

/** Names as a list in words; null stands for the reader. Long lists end in how many more. */
function nameList(names: readonly (string | null)[]): string {
  const shown = names.slice(0, names.length > 4 ? 3 : 4).map((name) => name ?? t('you_object'));
  const more = names.length - shown.length;
  if (more > 0) shown.push(plural('and_more', more));
  return new Intl.ListFormat(locale()).format(shown);
}
