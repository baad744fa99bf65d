/** Converts message contents to our records. */
import {
  ReactionAction,
  type DecodedMessage,
  type DecodedMessageContent,
  type GroupUpdated,
  type Message as LibMessage,
} from '@xmtp/wasm-bindings';
import type { GroupChange, MessageContent } from '../../shared/conversation.ts';
import type { InboxId, MessageId } from '../../shared/ids.ts';

const utf8 = new TextDecoder();

/**
 * Reads plain text without another call to libxmtp: most messages are plain text, whose content is its UTF-8
 * bytes. Null for all other contents.
 */
export function readPlainText({ content }: LibMessage): MessageContent | null {
  if (content.compression !== undefined || content.type?.authorityId !== 'xmtp.org') return null;
  switch (content.type.typeId) {
    case 'text':
      return { type: 'text', text: utf8.decode(content.content) };
    case 'markdown':
      return { type: 'markdown', text: utf8.decode(content.content) };
    default:
      return null;
  }
}

export function contentFrom(message: DecodedMessage): MessageContent {
  const { content, fallback } = message;
  switch (content.type) {
    case 'text':
    case 'markdown':
      return { type: content.type, text: content.content };
    case 'reply':
      return {
        type: 'reply',
        to: content.content.referenceId as MessageId,
        text: textOf(content.content.content),
      };
    case 'reaction':
      return {
        type: 'reaction',
        to: content.content.reference as MessageId,
        emoji: content.content.content,
        removed: content.content.action === ReactionAction.Removed,
      };
    case 'attachment':
      return {
        type: 'attachment',
        name: content.content.filename ?? null,
        mimeType: content.content.mimeType,
        bytes: content.content.content.length,
      };
    case 'remoteAttachment':
      return {
        type: 'remote-attachment',
        name: content.content.filename ?? null,
        bytes: content.content.contentLength ?? null,
      };
    case 'groupUpdated':
      return { type: 'group-change', change: changeFrom(content.content) };
    case 'readReceipt':
      return { type: 'read-receipt' };
    case 'deletedMessage':
      return { type: 'deleted' };
    default:
      return other(message, fallback);
  }
}

/** A placeholder for content that libxmtp cannot decode. */
export function undecoded({ content }: LibMessage): MessageContent {
  const { type } = content;
  return {
    type: 'other',
    contentType: type === undefined ? '' : `${type.authorityId}/${type.typeId}`,
    fallback: content.fallback ?? null,
  };
}

function other({ contentType }: DecodedMessage, fallback: string | undefined): MessageContent {
  return {
    type: 'other',
    contentType: `${contentType.authorityId}/${contentType.typeId}`,
    fallback: fallback ?? null,
  };
}

function textOf(content: DecodedMessageContent): string | null {
  return content.type === 'text' || content.type === 'markdown' ? content.content : null;
}

function changeFrom(update: GroupUpdated): GroupChange {
  const ids = (inboxes: readonly { readonly inboxId: string }[]) =>
    inboxes.map(({ inboxId }) => inboxId as InboxId);
  return {
    by: update.initiatedByInboxId as InboxId,
    added: ids(update.addedInboxes),
    removed: ids(update.removedInboxes),
    left: ids(update.leftInboxes),
    fields: update.metadataFieldChanges.map(({ fieldName, oldValue, newValue }) => ({
      field: fieldName,
      before: oldValue ?? null,
      after: newValue ?? null,
    })),
  };
}
